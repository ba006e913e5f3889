# SPDX-License-Identifier: GPL-3.0-or-later
# congvu and congvud. `make help` lists the targets.

VERSION := 0.1.0
PREFIX  ?= /usr/local
DESTDIR ?=
B       ?= build
PYTHON  ?= /usr/bin/python3
# V=1 shows the commands.
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2))
CC      ?= gcc
ifeq ($(origin CC),default)
CC := gcc
endif

# What each part links; `make deps` installs what DEB_* name.
DEB_BUILD := gcc make pkg-config libncurses-dev libcurl4-openssl-dev libcjson-dev libsecret-1-dev libsqlite3-dev \
	libsodium-dev libutf8proc-dev libinih-dev libmicrohttpd-dev libgnutls28-dev zlib1g-dev libzstd-dev gettext
DEB_TEST  := libcmocka-dev python3-pytest python3-pytest-xdist python3-pytest-timeout python3-pexpect python3-pyte tmux faketime strace sqlite3 curl openssl \
	ca-certificates tzdata dbus gnome-keyring libsecret-tools libglib2.0-bin cron procps
DEB_LINT  := clang-format cppcheck codespell shellcheck mandoc pmccabe

PC_BASE   := libcjson libsodium libutf8proc inih
PC_CLIENT := sqlite3 libcurl zlib libzstd
PC_TUI    := ncursesw panelw
PC_SERVER := sqlite3 libmicrohttpd gnutls zlib libzstd
PC_SECRET := libsecret-1
PC_TEST   := cmocka
PC_ALL    := $(sort $(PC_BASE) $(PC_CLIENT) $(PC_TUI) $(PC_SERVER) $(PC_SECRET))

WARN := -Wall -Wextra -Werror -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings \
	-Wformat=2 -Wundef -Wvla -Wno-format-nonliteral
OPT  ?= -O2 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2
SAN  ?=
CPPFLAGS += -Iinclude -Isrc -I$(B)/gen -D_GNU_SOURCE -DCONGVU_VERSION='"$(VERSION)"' -DCONGVU_PREFIX='"$(PREFIX)"'
CFLAGS   += -std=c11 $(WARN) $(OPT) $(SAN) -fPIE -pthread
LDFLAGS  += $(SAN) -pie -pthread -Wl,-z,relro,-z,now -Wl,--as-needed

find = $(sort $(wildcard $(foreach d,$(1),$(d)/*.c $(d)/*/*.c)))
SRC_BASE   := $(call find,src/base)
SRC_MODEL  := $(call find,src/model)
SRC_CORE   := $(call find,src/client/store src/client/net src/client/sync src/client/core) \
	$(filter-out src/client/secret/helper.c,$(call find,src/client/secret))
SRC_CLI    := $(call find,src/client/cli)
SRC_TUI    := $(call find,src/client/tui)
SRC_CLIENT_MAIN := $(wildcard src/client/main.c)
SRC_SERVER := $(filter-out src/server/main.c,$(call find,src/server))
SRC_SERVER_MAIN := $(wildcard src/server/main.c)
SRC_SECRET := $(wildcard src/client/secret/helper.c)
SRC_ALL    := $(SRC_BASE) $(SRC_MODEL) $(SRC_CORE) $(SRC_CLI) $(SRC_TUI) $(SRC_CLIENT_MAIN) $(SRC_SERVER) \
	$(SRC_SERVER_MAIN) $(SRC_SECRET)

# src/data/*: commented text files compiled in as `const char cv_data_<name>[]`.
DATA     := $(sort $(wildcard src/data/*))
DATA_OBJ := $(if $(DATA),$(B)/gen/data.o)

obj = $(patsubst %.c,$(B)/%.o,$(1))
LIB_BASE   := $(B)/libcvbase.a
LIB_MODEL  := $(B)/libcvmodel.a
LIB_CORE   := $(B)/libcongvu.a
LIB_SERVER := $(B)/libcvserver.a
LIB_TUI    := $(B)/libcvtui.a

PROGRAMS := $(if $(SRC_CLIENT_MAIN),$(B)/congvu) $(if $(SRC_SERVER_MAIN),$(B)/congvud) \
	$(if $(SRC_SECRET),$(B)/congvu-secret)
CATALOGS := $(patsubst src/po/%.po,$(B)/locale/%/LC_MESSAGES/congvu.mo,$(wildcard src/po/*.po))

pc = $(shell pkg-config $(1) $(2) 2>/dev/null)

.PHONY: all deps demo check check-unit check-e2e check-asan check-tsan check-layers lint format bench soak install \
	uninstall clean help missing

all: missing $(PROGRAMS) $(CATALOGS)

# One apt line for everything that is missing, instead of one compiler error at a time.
missing:
	@tests/tools/missing-packages "$(PC_ALL)" "$(DEB_BUILD)"

deps: ## install what building and testing need (Debian 12)
	@tests/tools/install-packages $(DEB_BUILD) $(DEB_TEST) $(DEB_LINT)

$(B)/%.o: %.c | missing
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(call pc,--cflags,$(PC_ALL)) $(CFLAGS) -MMD -MP -c -o $@ $<

$(B)/gen/data.c: $(DATA) tests/tools/embed
	@mkdir -p $(@D)
	tests/tools/embed $(DATA) > $@
$(B)/gen/data.o: $(B)/gen/data.c | missing
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

define archive
@mkdir -p $(@D); rm -f $@
@ar rcs $@ $^
endef
$(LIB_BASE): $(call obj,$(SRC_BASE)) $(DATA_OBJ)
	$(archive)
$(LIB_MODEL): $(call obj,$(SRC_MODEL))
	$(archive)
$(LIB_CORE): $(call obj,$(SRC_CORE))
	$(archive)
$(LIB_SERVER): $(call obj,$(SRC_SERVER))
	$(archive)
$(LIB_TUI): $(call obj,$(SRC_TUI))
	$(archive)

$(B)/congvu: $(call obj,$(SRC_CLIENT_MAIN) $(SRC_CLI)) $(LIB_TUI) $(LIB_CORE) $(LIB_MODEL) $(LIB_BASE)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(call pc,--libs,$(PC_BASE) $(PC_CLIENT) $(PC_TUI))
$(B)/congvud: $(call obj,$(SRC_SERVER_MAIN)) $(LIB_SERVER) $(LIB_MODEL) $(LIB_BASE)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(call pc,--libs,$(PC_BASE) $(PC_SERVER))
$(B)/congvu-secret: $(call obj,$(SRC_SECRET))
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(call pc,--libs,$(PC_SECRET))
$(B)/locale/%/LC_MESSAGES/congvu.mo: src/po/%.po
	@mkdir -p $(@D)
	msgfmt --check-format -o $@ $<

# ---- tests -----------------------------------------------------------------------------------------
# tests/unit/<layer>/<module>_test.c is one cmocka program.
UNIT_SRC := $(sort $(wildcard tests/unit/*_test.c tests/unit/*/*_test.c tests/unit/*/*/*_test.c))
UNIT     := $(patsubst tests/%.c,$(B)/tests/%,$(UNIT_SRC))
TEST_LIBS := $(LIB_SERVER) $(LIB_TUI) $(LIB_CORE) $(LIB_MODEL) $(LIB_BASE)
$(B)/tests/unit/%: tests/unit/%.c $(TEST_LIBS)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CPPFLAGS) -Itests -DCONGVU_SOURCE='"$(CURDIR)"' $(call pc,--cflags,$(PC_ALL) $(PC_TEST)) $(CFLAGS) $(LDFLAGS) \
		-MMD -MP -MF $@.d -o $@ $< $(TEST_LIBS) $(call pc,--libs,$(sort $(PC_BASE) $(PC_CLIENT) $(PC_TUI) $(PC_SERVER)) $(PC_TEST))

# tests/tools/*.c ending in _preload become shared objects for LD_PRELOAD, the others programs.
PRELOAD := $(patsubst tests/tools/%.c,$(B)/tests/tools/%.so,$(wildcard tests/tools/*_preload.c))
TOOLS   := $(patsubst tests/tools/%.c,$(B)/tests/tools/%,$(filter-out %_preload.c,$(wildcard tests/tools/*.c)))
BENCHES := $(patsubst tests/bench/%.c,$(B)/tests/bench/%,$(wildcard tests/bench/*.c))
# The client's own call of cv_op_apply can be taken away, to see that the comparison then fails.
$(B)/tests/tools/drift: LDFLAGS += -Wl,--wrap=cv_op_apply
$(B)/tests/tools/%.so: tests/tools/%.c
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) -D_GNU_SOURCE -std=c11 $(WARN) -O2 -g -fPIC -shared -o $@ $< -ldl -pthread
$(B)/tests/%: tests/%.c $(TEST_LIBS)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CPPFLAGS) -Itests $(call pc,--cflags,$(PC_ALL)) $(CFLAGS) $(LDFLAGS) -MMD -MP -MF $@.d -o $@ $< $(TEST_LIBS) \
		$(call pc,--libs,$(sort $(PC_BASE) $(PC_CLIENT) $(PC_TUI) $(PC_SERVER)))

check: ## everything that must be green before a change lands
	@tests/tools/check $(B) lint check-unit check-e2e check-asan check-tsan

check-unit: all $(UNIT) ## cmocka tests of every module
	@tests/tools/run-unit $(B) $(UNIT)

check-e2e: all $(PRELOAD) $(TOOLS) $(BENCHES) $(B)/tests/bench/load ## the real programs, in ptys, through proxies, killed
	@tests/tools/run-e2e $(B)

soak: all $(PRELOAD) $(TOOLS) $(B)/tests/bench/load ## the long end-to-end tests: every crash point, long loads
	@tests/tools/run-e2e $(B) --soak

# The sanitizers' builds come from the cache where there is one.
CACHE := $(if $(filter ccache,$(firstword $(CC))),,$(if $(shell command -v ccache 2>/dev/null),ccache ))

check-asan: ## unit tests under AddressSanitizer and UBSan
	@$(MAKE) --no-print-directory B=$(B)/asan CC='$(CACHE)$(CC)' OPT='-O1 -g' SAN='-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer' check-unit

check-tsan: ## unit tests under ThreadSanitizer
	@$(MAKE) --no-print-directory B=$(B)/tsan CC='$(CACHE)$(CC)' OPT='-O1 -g' SAN='-fsanitize=thread' check-unit

check-layers:
	@tests/tools/check-layers

lint: all ## formatting, cppcheck, layers, banned functions, spelling, shell, man pages
	@B=$(abspath $(B)) tests/tools/lint

format: ## clang-format everything
	@git ls-files -co --exclude-standard '*.c' '*.h' | xargs clang-format -i

bench: all $(BENCHES) $(PRELOAD) ## measure against the budgets, beside installed peers
	@B=$(abspath $(B)) tests/bench/run

demo: ## a demo office on this machine; opens the program (or tells the day, without a terminal)
	@tests/tools/demo $(B) $(DEB_BUILD) openssl

# Programs find helper, texts and manual relative to themselves, so the tree may be moved.
D := $(DESTDIR)$(PREFIX)
COMPLETIONS := share/bash-completion/completions/congvu share/zsh/site-functions/_congvu \
	share/fish/vendor_completions.d/congvu.fish

install: all ## DESTDIR and PREFIX are honoured
	install -d $(D)/bin $(D)/sbin $(D)/libexec/congvu $(D)/share/doc/congvu/examples \
		$(D)/share/man/man1 $(D)/share/man/man5 $(D)/share/man/man8 $(dir $(addprefix $(D)/,$(COMPLETIONS)))
	install -m 755 $(B)/congvu $(D)/bin/congvu
	install -m 755 $(B)/congvud $(D)/sbin/congvud
	install -m 755 $(B)/congvu-secret $(D)/libexec/congvu/congvu-secret
	install -m 644 man/congvu.1 $(D)/share/man/man1/
	install -m 644 man/congvu.conf.5 $(D)/share/man/man5/
	install -m 644 man/congvud.8 $(D)/share/man/man8/
	install -m 644 README.md docs/*.md $(D)/share/doc/congvu/
	cp -r docs/examples/. $(D)/share/doc/congvu/examples/
	$(B)/congvu completion bash > $(D)/share/bash-completion/completions/congvu
	$(B)/congvu completion zsh > $(D)/share/zsh/site-functions/_congvu
	$(B)/congvu completion fish > $(D)/share/fish/vendor_completions.d/congvu.fish
	for f in $(CATALOGS); do l=$${f#$(B)/locale/}; install -D -m 644 $$f $(D)/share/locale/$$l; done

uninstall: ## removes what install put there
	rm -f $(D)/bin/congvu $(D)/sbin/congvud $(addprefix $(D)/,$(COMPLETIONS))
	rm -rf $(D)/libexec/congvu $(D)/share/doc/congvu
	rm -f $(D)/share/man/man1/congvu.1 $(D)/share/man/man5/congvu.conf.5 $(D)/share/man/man8/congvud.8
	rm -f $(D)/share/locale/*/LC_MESSAGES/congvu.mo

clean:
	rm -rf $(B)

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

-include $(patsubst %.c,$(B)/%.d,$(SRC_ALL)) $(addsuffix .d,$(UNIT) $(TOOLS) $(BENCHES))

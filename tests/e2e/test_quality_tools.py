# SPDX-License-Identifier: GPL-3.0-or-later
"""The runners tell the truth: a failing, crashing, silent or missing test program never comes out green."""
import os
import shutil
import subprocess
import textwrap

import pytest

TOOLS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tools")

PROGRAM = """
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <cmocka.h>
static void good(void **s) { (void)s; assert_int_equal(1, 1); }
static void bad(void **s) { (void)s; assert_int_equal(MODE, 0); }
static void skipped(void **s) { (void)s; skip(); }
static int leave(void **s) { (void)s; if (MODE == 2) abort(); return 0; }
int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(good), cmocka_unit_test(bad), cmocka_unit_test(skipped)};
	if (MODE == 3)
		return 0;
	return cmocka_run_group_tests(tests, NULL, leave);
}
"""


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """green, red, crash (all cases pass or fail, then abort), silent."""
    where = tmp_path_factory.mktemp("cmocka")
    source = where / "t.c"
    source.write_text(PROGRAM)
    for mode in range(4):
        subprocess.run(["gcc", f"-DMODE={mode}", "-o", where / f"p{mode}", source, "-lcmocka"], check=True)
    return where


def run_unit(*programs):
    done = subprocess.run([f"{TOOLS}/run-unit", "build", *map(str, programs)], capture_output=True, text=True,
                          check=False)
    return done.returncode, done.stdout.splitlines()[-1], done.stdout


def test_green(programs):
    status, last, text = run_unit(programs / "p0")
    assert (status, last) == (0, "2 passed, 0 failed")
    assert "1 skipped" in text


@pytest.mark.parametrize("mode, last", [(1, "3 passed, 1 failed"), (2, "3 passed, 1 failed"), (3, "2 passed, 1 failed")])
def test_red(programs, mode, last):
    status, told, text = run_unit(programs / "p0", programs / f"p{mode}")
    assert (status, told) == (1, last)
    assert f"FAILED: {programs}/p{mode}" in text


def test_missing_or_none(programs):
    assert run_unit(programs / "none")[:2] == (1, "0 passed, 1 failed")
    assert run_unit()[:2] == (1, "0 passed, 1 failed")


@pytest.mark.parametrize("targets, status, last", [
    (["ours"], 0, "3 passed, 0 failed"),
    (["ours", "pytest"], 1, "5 passed, 1 failed"),
    (["broken", "ours"], 1, "3 passed, 1 failed"),
    (["liar"], 1, "3 passed, 1 failed"),
    ([], 1, "0 passed, 0 failed"),
])
def test_check_sums(tmp_path, targets, status, last):
    (tmp_path / "Makefile").write_text(textwrap.dedent("""\
        ours:
        \t@echo 9 passed, 9 failed; echo 3 passed, 0 failed
        pytest:
        \t@echo "1 failed, 2 passed, 1 warning in 3.4s"; false
        broken:
        \t@echo no count; false
        liar:
        \t@echo 3 passed, 0 failed; false
        """))
    done = subprocess.run([f"{TOOLS}/check", "build", *targets], cwd=tmp_path, capture_output=True, text=True,
                          check=False)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (status, last)


def e2e_of(tmp_path, files):
    """What run-e2e says about a tree with these files in tests/e2e."""
    tests = os.path.dirname(TOOLS)
    (tmp_path / "tests/e2e").mkdir(parents=True)
    (tmp_path / "tests/tools").symlink_to(TOOLS)
    for name in ("conftest.py", "open.txt"):
        shutil.copy(os.path.join(tests, name), tmp_path / "tests")
    for name, text in files.items():
        (tmp_path / "tests/e2e" / name).write_text("import os, pytest\n" + textwrap.dedent(text))
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    done = subprocess.run([f"{TOOLS}/run-e2e", "build"], cwd=tmp_path, env={**env, "CONGVU_TEST_WORKERS": "2"},
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines()[-1], done.stdout


SHAKY = """
def test_shaky():
    made = os.path.exists("made")
    open("made", "w").close()
    assert made
@pytest.mark.load
def test_alone():
    assert "PYTEST_XDIST_WORKER" not in os.environ
"""


def test_what_failed_beside_others_runs_once_more_alone(tmp_path):
    status, last, text = e2e_of(tmp_path, {"test_a.py": SHAKY, "test_b.py": "def test_good(): pass\n"})
    assert (status, last) == (0, "3 passed, 0 failed"), text
    assert "passed alone: tests/e2e/test_a.py::test_shaky" in text


def test_what_fails_twice_is_red(tmp_path):
    status, last, text = e2e_of(tmp_path, {
        "test_a.py": "def test_bad(): assert 0\ndef test_good(): pass\n",
        "test_b.py": "import nothing_of_the_kind\n",
        "test_c.py": "@pytest.fixture\ndef f():\n    yield\n    assert 0\ndef test_cleanup(f): pass\n",
    })
    assert (status, last) == (1, "1 passed, 3 failed"), text
    assert "FAILED tests/e2e/test_a.py::test_bad" in text and "FAILED tests/e2e/test_b.py" in text

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head's board from what this machine holds. */
#include "inside.h"

#include <congvu/core/dossiers.h>
#include <congvu/model/board.h>

/* {login: {"late_dossiers","load"}}: what each has in process, and what of it all is late. Owned. */
static struct cv_json *loads_of(struct cv_core *core, const struct cv_json *users)
{
	struct cv_json *all = cv_json_new_object();

	CV_JSON_EACH (user, users) {
		const char *login = cv_json_s(user, "id");
		struct cv_dossier_query late = {.group = CV_GROUP_LATE, .user = login},
					held = {.group = CV_GROUP_ALL, .user = login, .status = 4};
		struct cv_json *one = cv_json_new_object();
		cv_json_set_int(one, "late_dossiers", cv_core_dossier_count(core, &late));
		cv_json_set_int(one, "load", cv_core_dossier_count(core, &held));
		cv_json_set(all, login, one);
	}
	return all;
}

enum cv_rc cv_core_board(struct cv_core *core, const char *unit, int32_t date, bool loads, struct cv_json **out,
			 struct cv_err *err)
{
	struct cv_json *users = NULL;
	bool began = cv_core_look(core);
	enum cv_rc rc = cv_core_list(core, CV_KIND_USER, &(struct cv_filter){0}, &users, err);

	*out = NULL;
	if (rc == CV_OK) {
		struct cv_json *counted = loads ? loads_of(core, users) : NULL;
		struct cv_board_in in = {.ctx = cv_core_ctx(core),
					 .unit = unit,
					 .date = date,
					 .now = cv_now(core->env),
					 .users = users,
					 .loads = counted};
		*out = cv_board(&in);
		cv_json_destroy(counted);
		cv_json_destroy(users);
	}
	cv_core_look_end(core, began);
	return rc;
}

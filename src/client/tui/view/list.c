/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list's cursor and window. */
#include "client/tui/view/view.h"

void cv_list_fit(struct cv_list *l, int height)
{
	if (height < 1)
		height = 1;
	if (l->at >= l->count)
		l->at = l->count - 1;
	if (l->at < 0)
		l->at = 0;
	if (l->top > l->at)
		l->top = l->at;
	if (l->top + height <= l->at)
		l->top = l->at - height + 1;
	if (l->top + height > l->count && l->count >= height)
		l->top = l->count - height;
	if (l->top < 0 || l->count < height)
		l->top = 0;
}

static int64_t motion(const struct cv_list *l, const struct cv_key *key, char command, int height, bool *is)
{
	*is = true;
	switch (key->kind) {
	case CV_KEY_DOWN:
		return 1;
	case CV_KEY_UP:
		return -1;
	case CV_KEY_PGDN:
		return height - 1;
	case CV_KEY_PGUP:
		return 1 - height;
	case CV_KEY_HOME:
		return -l->at;
	case CV_KEY_END:
		return l->count - 1 - l->at;
	case CV_KEY_CTRL:
		if (key->number == 'd')
			return height / 2;
		if (key->number == 'u')
			return -(height / 2);
		break;
	default:
		break;
	}
	switch (command) {
	case 'j':
		return 1;
	case 'k':
		return -1;
	case 'g':
		return -l->at;
	case 'G':
		return l->count - 1 - l->at;
	default:
		*is = false;
		return 0;
	}
}

bool cv_list_key(struct cv_list *l, const struct cv_key *key, char command, int height)
{
	bool is;
	int64_t by = motion(l, key, command, height, &is);

	l->at += by;
	cv_list_fit(l, height);
	return is;
}

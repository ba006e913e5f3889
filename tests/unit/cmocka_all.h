/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every cmocka test needs, in the order cmocka wants it. */
#ifndef CONGVU_TESTS_CMOCKA_ALL_H
#define CONGVU_TESTS_CMOCKA_ALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What libmicrohttpd 0.9.75 lets through even in strict mode and a proxy in front might read differently: two
 * lengths, length and chunked, two hosts, a NUL inside a value, a bare LF.
 */
#include "server/http/http.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct census {
	int length, chunked, host, token, type, coding;
	bool bad;
};

static enum MHD_Result count(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct census *c = cls;
	size_t n = value != NULL ? strlen(value) : 0;

	(void)kind;
	if (value == NULL || name[0] == '\0') {
		c->bad = true;
		return MHD_NO;
	}
	for (const char *p = name; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && strchr("!#$%&'*+-.^_`|~", *p) == NULL)
			c->bad = true;
	for (const char *p = value; *p != '\0'; p++)
		if (((unsigned char)*p < 0x20 && *p != '\t') || *p == 0x7f)
			c->bad = true;
	/* The value lies in the read buffer, where CR and LF behind it became two NULs: any other byte there is the
	 * rest of a value that has a NUL inside, or the next line after a bare LF. */
	if (value[n] == '\0' && value[n + 1] != '\0')
		c->bad = true;
	c->length += strcasecmp(name, "Content-Length") == 0;
	c->chunked += strcasecmp(name, "Transfer-Encoding") == 0;
	c->host += strcasecmp(name, "Host") == 0;
	c->token += strcasecmp(name, "Authorization") == 0;
	c->type += strcasecmp(name, "Content-Type") == 0;
	c->coding += strcasecmp(name, "Content-Encoding") == 0;
	return MHD_YES;
}

static bool digits(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n > 0 && n < 16 && s[n] == '\0';
}

bool cv_req_strict(struct cv_req *r, const char *method, const char *version)
{
	struct census c;
	const char *length, *coding;

	(void)method;
	memset(&c, 0, sizeof(c));
	if (strcmp(version, "HTTP/1.1") != 0 && strcmp(version, "HTTP/1.0") != 0)
		return false;
	/* The same for the request line: the URI ends where the version begins, and two NULs stand behind that. */
	if (version != r->uri_end + 1 || version[strlen(version) + 1] != '\0')
		return false;
	for (const char *p = r->uri; *p != '\0'; p++)
		if ((unsigned char)*p <= 0x20 || (unsigned char)*p >= 0x7f)
			return false;
	MHD_get_connection_values(r->mhd, MHD_HEADER_KIND, count, &c);
	if (c.bad || c.host != 1 || c.length > 1 || c.chunked > 1 || (c.length > 0 && c.chunked > 0) || c.token > 1 ||
	    c.type > 1 || c.coding > 1)
		return false;
	length = cv_req_header(r, "Content-Length");
	coding = cv_req_header(r, "Transfer-Encoding");
	return (length == NULL || digits(length)) && (coding == NULL || strcasecmp(coding, "chunked") == 0);
}

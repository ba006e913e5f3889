/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * congvu-secret: the only program that links libsecret. congvu-secret get|put|forget ACCOUNT SERVER USER; the key goes
 * over stdin and stdout. Exit: 0 done, 1 surely not there, 2 locked or unknown, 3 no Secret Service here. It never asks
 * for an unlock: a prompt nobody answers would hang for ever (the caller kills us after its limit anyway).
 */
#include <libsecret/secret.h>

#include <stdio.h>
#include <string.h>

static const SecretSchema schema = {"org.congvu.MasterKey",
				    SECRET_SCHEMA_NONE,
				    {{"account", SECRET_SCHEMA_ATTRIBUTE_STRING},
				     {"server", SECRET_SCHEMA_ATTRIBUTE_STRING},
				     {"user", SECRET_SCHEMA_ATTRIBUTE_STRING},
				     {NULL, 0}},
				    0,
				    NULL,
				    NULL,
				    NULL,
				    NULL,
				    NULL,
				    NULL,
				    NULL};

static GHashTable *attributes(char **argv)
{
	GHashTable *table = g_hash_table_new(g_str_hash, g_str_equal);

	g_hash_table_insert(table, (gpointer) "account", argv[2]);
	g_hash_table_insert(table, (gpointer) "server", argv[3]);
	g_hash_table_insert(table, (gpointer) "user", argv[4]);
	return table;
}

/* The item found, with its lock looked at: a locked one answers "nothing" to an ordinary look-up. */
static int get(SecretService *service, char **argv)
{
	GError *error = NULL;
	GList *items = secret_service_search_sync(service, &schema, attributes(argv), SECRET_SEARCH_ALL, NULL, &error);

	if (error != NULL)
		return 2;
	if (items == NULL)
		return 1;
	SecretItem *item = items->data;
	if (secret_item_get_locked(item) || !secret_item_load_secret_sync(item, NULL, &error))
		return 2;
	SecretValue *value = secret_item_get_secret(item);
	const char *text = value != NULL ? secret_value_get_text(value) : NULL;
	if (text == NULL)
		return 2;
	return fputs(text, stdout) >= 0 && fflush(stdout) == 0 ? 0 : 2;
}

static int put(SecretService *service, char **argv)
{
	char key[200];
	GError *error = NULL;
	size_t n = fread(key, 1, sizeof(key) - 1, stdin);

	key[n] = '\0';
	SecretValue *value = secret_value_new(key, -1, "text/plain");
	gboolean ok = secret_service_store_sync(service, &schema, attributes(argv), SECRET_COLLECTION_DEFAULT, "congvu",
						value, NULL, &error);
	secret_value_unref(value);
	return ok ? 0 : 2;
}

static int forget(SecretService *service, char **argv)
{
	GError *error = NULL;

	secret_service_clear_sync(service, &schema, attributes(argv), NULL, &error);
	return error == NULL ? 0 : 2;
}

int main(int argc, char **argv)
{
	GError *error = NULL;

	if (argc != 5)
		return 64;
	SecretService *service = secret_service_get_sync(SECRET_SERVICE_OPEN_SESSION, NULL, &error);
	if (service == NULL)
		return 3;
	if (strcmp(argv[1], "get") == 0)
		return get(service, argv);
	if (strcmp(argv[1], "put") == 0)
		return put(service, argv);
	return strcmp(argv[1], "forget") == 0 ? forget(service, argv) : 64;
}

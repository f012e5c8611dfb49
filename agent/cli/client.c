/* SPDX-License-Identifier: Apache-2.0 */

/* client: one libcurl transfer, and sentences for what goes wrong.
 *
 * Source: curl_easy_setopt(3), CURLOPT_UNIX_SOCKET_PATH. */

#include "cli/client.h"

#include <curl/curl.h>
#include <errno.h>
#include <grp.h>
#include <jansson.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/cleanup.h"
#include "cli/transfer.h"

#define CONNECT_MS  5000L
#define ANSWER_S    30L
#define MESSAGE_MAX 180 /* of the agent's own sentence */

void curl_free_p(void *handle)
{
	curl_easy_cleanup(*(CURL **) handle);
}

static const char *group_of(const char *socket_path, char name[32])
{
	struct stat status;
	struct group *group = NULL;

	if (stat(socket_path, &status) == 0)
		group = getgrgid(status.st_gid);
	(void) snprintf(name, 32, "%s", group ? group->gr_name : "plimsoll");
	return name;
}

int problem_connect(const char *socket_path, int error, struct problem *problem)
{
	char group[32];

	switch (error) {
	case ENOENT:
	case ENOTDIR:
		(void) snprintf(problem->text, sizeof(problem->text),
				"no socket at %.100s: is plimsolld running? Try 'systemctl status "
				"plimsolld', or --socket PATH",
				socket_path);
		break;
	case EACCES:
	case EPERM:
		(void) snprintf(problem->text, sizeof(problem->text),
				"you may not use %.100s: join the group '%s' and log in again, or "
				"use sudo",
				socket_path, group_of(socket_path, group));
		break;
	case ECONNREFUSED:
		(void) snprintf(
			problem->text, sizeof(problem->text),
			"nobody listens at %.100s: plimsolld has ended, or ended badly; try "
			"'systemctl restart plimsolld'",
			socket_path);
		break;
	default:
		(void) snprintf(problem->text, sizeof(problem->text),
				"cannot connect to %.100s: %s", socket_path, strerror(error));
	}
	return -error;
}

int problem_transfer(CURL *curl, CURLcode code, const char *socket_path, struct problem *problem)
{
	long error = 0;
	const char *what = curl_easy_strerror(code);

	switch (code) {
	case CURLE_COULDNT_CONNECT:
		(void) curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &error);
		return problem_connect(socket_path, error > 0 ? (int) error : ECONNRESET, problem);
	case CURLE_OPERATION_TIMEDOUT:
		what = "no answer in time";
		break;
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_PARTIAL_FILE:
		what = "the connection ended in the middle";
		break;
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL:
		what = "who answers there does not speak HTTP";
		break;
	case CURLE_WRITE_ERROR:
		what = "the answer is too long";
		break;
	default:
		break;
	}
	(void) snprintf(problem->text, sizeof(problem->text), "the agent at %.100s: %s",
			socket_path, what);
	return code == CURLE_OUT_OF_MEMORY ? -ENOMEM : -EIO;
}

CURL *transfer_new(const char *socket_path, const char *path, struct problem *problem)
{
	CLEANUP(text_fini) struct text url = { 0 };
	CURL *curl;

	if (strlen(socket_path) >= sizeof(((struct sockaddr_un *) NULL)->sun_path)) {
		(void) snprintf(
			problem->text, sizeof(problem->text),
			"the path of the socket is longer than %zu bytes, which unix(7) allows",
			sizeof(((struct sockaddr_un *) NULL)->sun_path) - 1);
		return NULL;
	}
	TEXT_ADD(&url, "http://plimsoll");
	text_add_string(&url, path);
	text_add(&url, "", 1);
	curl = curl_easy_init();
	if (!curl || url.overflowed) {
		(void) snprintf(problem->text, sizeof(problem->text), "out of memory");
		curl_easy_cleanup(curl);
		return NULL;
	}

	/* None of these can fail but for lack of memory, which the transfer then tells. */
	(void) curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket_path);
	(void) curl_easy_setopt(curl, CURLOPT_URL, url.bytes);
	(void) curl_easy_setopt(curl, CURLOPT_PROXY, "");
	(void) curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
	(void) curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	(void) curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
	(void) curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	(void) curl_easy_setopt(curl, CURLOPT_USERAGENT, "plimsoll/" PLIMSOLL_VERSION);
	return curl;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *userdata)
{
	struct text *body = userdata;

	text_add(body, bytes, size * count);
	return body->overflowed ? 0 : size * count;
}

int client_get(const char *socket_path, const char *path, struct text *ret_body,
	       struct problem *ret_problem)
{
	CLEANUP(curl_free_p) CURL *curl = transfer_new(socket_path, path, ret_problem);
	CURLcode code;
	long status = 0;

	if (!curl)
		return -EINVAL;
	if (ret_body->limit == 0)
		ret_body->limit = ANSWER_BYTES_MAX;
	(void) curl_easy_setopt(curl, CURLOPT_TIMEOUT, ANSWER_S);
	(void) curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	(void) curl_easy_setopt(curl, CURLOPT_WRITEDATA, ret_body);
	code = curl_easy_perform(curl);
	if (code != CURLE_OK)
		return problem_transfer(curl, code, socket_path, ret_problem);

	(void) curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	return (int) status;
}

int problem_status(int status, const char *body, size_t length, struct problem *problem)
{
	json_t *answer = json_loadb(body, length, 0, NULL);
	const char *message = json_string_value(json_object_get(answer, "message"));

	if (message)
		(void) snprintf(problem->text, sizeof(problem->text), "%.*s", MESSAGE_MAX, message);
	else
		(void) snprintf(problem->text, sizeof(problem->text),
				"the agent answers with status %d%s", status,
				status == 404 ? "; is it older than this command?" : "");
	json_decref(answer);
	return status == 404 ? -ENOENT : -EPROTO;
}

int client_fetch(const char *socket_path, const char *path, struct text *ret_body,
		 struct problem *ret_problem)
{
	int status = client_get(socket_path, path, ret_body, ret_problem);

	if (status < 0 || status == 200)
		return status < 0 ? status : 0;
	return problem_status(status, ret_body->bytes ? ret_body->bytes : "", ret_body->length,
			      ret_problem);
}

void query_add(struct text *path, const char *key, const char *value)
{
	char *escaped = curl_easy_escape(NULL, value, (int) strlen(value));

	if (!escaped) {
		path->overflowed = true; /* out of memory: whoever uses the path will see it */
		return;
	}
	text_add_string(path, key);
	if (key[0] != '\0')
		TEXT_ADD(path, "=");
	text_add_string(path, escaped);
	curl_free(escaped);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* docker_client: transfers of libcurl. */

#include "docker_client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "curl_loop.h"

#define BODY_BYTES 1048576 /* of an answer; one container takes some 20 kB */
#define LINE_BYTES 65536   /* an event has the labels of its container */

struct docker_client {
	const char *path;
	struct docker_client_events events;
	struct curl_loop *curl;
	CURL *stream, *question; /* NULL: none under way */
	struct text line, body;
};

static bool is_good(CURL *easy)
{
	long status = 0;

	return curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK &&
	       status == 200;
}

static size_t on_stream(char *bytes, size_t size, size_t count, void *userdata)
{
	struct docker_client *client = userdata;
	size_t used = 0;
	const char *end;

	if (size * count == 0)
		return 0;
	text_add(&client->line, bytes, size * count);
	if (client->line.overflowed)
		return 0; /* ends the transfer */
	while ((end = memchr(client->line.bytes + used, '\n', client->line.length - used))) {
		size_t length = (size_t) (end - client->line.bytes) - used;

		client->events.on_line(client->line.bytes + used, length, client->events.userdata);
		used += length + 1;
	}
	client->line.length -= used;
	memmove(client->line.bytes, client->line.bytes + used, client->line.length);
	return size * count;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *userdata)
{
	struct docker_client *client = userdata;

	text_add(&client->body, bytes, size * count);
	return client->body.overflowed ? 0 : size * count;
}

/* An empty line ends the header. */
static size_t on_header(char *bytes, size_t size, size_t count, void *userdata)
{
	struct docker_client *client = userdata;

	if (size * count == 2 && memcmp(bytes, "\r\n", 2) == 0 && is_good(client->stream))
		client->events.on_open(client->events.userdata);
	return size * count;
}

static void on_done(CURL *easy, CURLcode result, void *userdata)
{
	struct docker_client *client = userdata;
	const struct docker_client_events *events = &client->events;
	bool was_stream = easy == client->stream, good = is_good(easy);

	if (was_stream)
		client->stream = NULL;
	else
		client->question = NULL;
	curl_easy_cleanup(easy);

	if (result != CURLE_OK)
		events->on_failed(curl_easy_strerror(result), events->userdata);
	else if (was_stream)
		events->on_failed(good ? "the daemon ended the connection"
				       : "the daemon does not tell its events",
				  events->userdata);
	else
		events->on_answer(good, client->body.bytes, client->body.length, events->userdata);
}

static void on_after(void *userdata)
{
	struct docker_client *client = userdata;

	client->events.on_settled(client->events.userdata);
}

int docker_client_open(sd_event *loop, const char *path, const struct docker_client_events *events,
		       struct docker_client **ret_client)
{
	struct docker_client *client = calloc(1, sizeof(*client));
	const struct curl_loop_events curl_events = {
		.done = on_done,
		.after = on_after,
		.userdata = client,
	};
	int r;

	if (!client)
		return -ENOMEM;
	client->path = path;
	client->events = *events;
	client->line.limit = LINE_BYTES;
	client->body.limit = BODY_BYTES;
	r = curl_global_init(CURL_GLOBAL_NOTHING) == CURLE_OK ? 0 : -ENOMEM; /* no TLS is needed */
	if (r >= 0)
		r = curl_loop_open(loop, &curl_events, &client->curl);
	if (r < 0) {
		free(client);
		return r;
	}

	*ret_client = client;
	return 0;
}

void docker_client_close(struct docker_client *client)
{
	if (!client)
		return;
	docker_client_stop(client);
	curl_loop_close(client->curl);
	text_fini(&client->line);
	text_fini(&client->body);
	free(client);
}

static CURL *prepare(struct docker_client *client, const char *url,
		     size_t (*on_bytes)(char *, size_t, size_t, void *))
{
	CURL *easy = curl_easy_init();

	if (!easy)
		return NULL;
	/* Each of these can only fail for lack of memory; the transfer then fails, too. */
	(void) curl_easy_setopt(easy, CURLOPT_URL, url);
	(void) curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, client->path);
	(void) curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http");
	(void) curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	(void) curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	(void) curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, DOCKER_ANSWER_MS);
	(void) curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_bytes);
	(void) curl_easy_setopt(easy, CURLOPT_WRITEDATA, client);
	return easy;
}

static void forget(struct text *text)
{
	text->length = 0;
	text->overflowed = false;
}

static int begin(struct docker_client *client, CURL *easy, CURL **ret_easy)
{
	*ret_easy = easy;
	if (easy && curl_loop_add(client->curl, easy) >= 0)
		return 0;

	*ret_easy = NULL;
	curl_easy_cleanup(easy);
	return -ENOMEM;
}

int docker_client_stream(struct docker_client *client, const char *url)
{
	CURL *easy = prepare(client, url, on_stream);

	forget(&client->line);
	if (easy) {
		(void) curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header); /* as above */
		(void) curl_easy_setopt(easy, CURLOPT_HEADERDATA, client);
	}
	return begin(client, easy, &client->stream);
}

int docker_client_ask(struct docker_client *client, const char *url)
{
	CURL *easy = prepare(client, url, on_body);

	forget(&client->body);
	if (easy)
		(void) curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, DOCKER_ANSWER_MS); /* as above */
	return begin(client, easy, &client->question);
}

bool docker_client_is_asking(const struct docker_client *client)
{
	return client->question != NULL;
}

static void end(struct docker_client *client, CURL **easy)
{
	if (*easy) {
		curl_loop_remove(client->curl, *easy);
		curl_easy_cleanup(*easy);
	}
	*easy = NULL;
}

void docker_client_stop(struct docker_client *client)
{
	end(client, &client->stream);
	end(client, &client->question);
}

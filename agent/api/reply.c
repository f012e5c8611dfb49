/* SPDX-License-Identifier: Apache-2.0 */

/* reply: what was said and not sent yet. */

#include "api/reply.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/json_out.h"
#include "base/utf8.h"

#define MESSAGE_BYTES 1024

void reply_fini(struct reply *reply)
{
	text_fini(&reply->body);
}

static void wake(struct reply *reply)
{
	if (reply->wake)
		reply->wake(reply);
}

static void answer(struct reply *reply, unsigned status, const char *content_type)
{
	assert(reply->state == REPLY_WAITING);
	reply->state = REPLY_ANSWERED;
	reply->status = status;
	reply->content_type = content_type;
	reply->on_close = NULL;
	wake(reply);
}

void reply_json(struct reply *reply, unsigned status, struct text *text)
{
	if (text->overflowed) {
		text_fini(text);
		reply_error(reply, 500, "not enough memory for the answer");
		return;
	}
	reply->body = *text;
	*text = (struct text){ 0 };
	answer(reply, status, "application/json");
}

void reply_text(struct reply *reply, unsigned status, const char *content_type, const char *text)
{
	text_add_string(&reply->body, text);
	answer(reply, status, content_type);
}

void reply_error(struct reply *reply, unsigned status, const char *format, ...)
{
	struct json_out json = { .text = &reply->body };
	CLEANUP(free_p) char *clean = NULL;
	char message[MESSAGE_BYTES];
	va_list arguments;

	va_start(arguments, format);
	(void) vsnprintf(message, sizeof(message), format, arguments); /* cut is fine */
	va_end(arguments);

	/* It may repeat what the client wrote, which can be any bytes. */
	clean = utf8_copy(message, strlen(message), MESSAGE_BYTES);
	json_open(&json, NULL, '{');
	json_text(&json, "message", clean ? clean : "not enough memory");
	json_close(&json, '}');
	TEXT_ADD(&reply->body, "\n");
	answer(reply, status, "application/json");
}

void reply_on_close(struct reply *reply, reply_closed on_close, void *userdata)
{
	reply->on_close = on_close;
	reply->userdata = userdata;
}

void reply_stream(struct reply *reply, const char *content_type)
{
	assert(reply->state == REPLY_WAITING);
	reply->state = REPLY_STREAMING;
	reply->status = 200;
	reply->content_type = content_type;
	wake(reply);
}

size_t reply_pending(const struct reply *reply)
{
	return reply->body.length - reply->taken;
}

/* What was taken makes room again, without moving the rest more often than it is worth. */
static void compact(struct reply *reply)
{
	struct text *body = &reply->body;

	if (reply->taken < body->length - reply->taken)
		return;
	memmove(body->bytes, body->bytes + reply->taken, body->length - reply->taken);
	body->length -= reply->taken;
	reply->taken = 0;
}

bool reply_write(struct reply *reply, const char *bytes, size_t length)
{
	assert(reply->state == REPLY_STREAMING);
	if (length > REPLY_STREAM_BYTES - reply_pending(reply))
		return false;
	if (reply->taken > 0)
		compact(reply);
	if (reply->body.capacity - reply->body.length < length &&
	    !text_reserve(&reply->body, length)) {
		reply->body.overflowed = false; /* what is in it is whole, and is still sent */
		return false;
	}
	text_add(&reply->body, bytes, length);
	wake(reply);
	return true;
}

void reply_end(struct reply *reply)
{
	assert(reply->state == REPLY_STREAMING);
	reply->state = REPLY_ENDED;
	reply->on_close = NULL;
	wake(reply);
}

size_t reply_take(struct reply *reply, char *bytes, size_t size)
{
	size_t length = reply_pending(reply);

	if (length > size)
		length = size;
	if (length == 0)
		return 0;
	memcpy(bytes, reply->body.bytes + reply->taken, length);
	reply->taken += length;
	if (reply->taken == reply->body.length)
		reply->taken = reply->body.length = 0;
	return length;
}

void reply_close(struct reply *reply)
{
	reply_closed on_close = reply->on_close;

	if (reply->state == REPLY_CLOSED || reply->state == REPLY_ENDED ||
	    reply->state == REPLY_ANSWERED)
		return;
	reply->state = REPLY_CLOSED;
	reply->on_close = NULL;
	if (on_close)
		on_close(reply->userdata);
}

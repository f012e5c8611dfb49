/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* libmicrohttpd on one side, a request and its reply on the other. What waits for an answer, or for
 * more of a stream, is suspended: it costs nothing, and the library does not look at its socket, so
 * that we do, to notice that the client went away. */

#include <microhttpd.h>
#include <stddef.h>

struct link;

/* Callbacks of the library. */
void *exchange_on_uri(void *cls, const char *uri, struct MHD_Connection *connection);
enum MHD_Result exchange_on_request(void *cls, struct MHD_Connection *connection, const char *url,
				    const char *method, const char *version,
				    const char *upload_data, size_t *upload_data_size,
				    void **request_cls);
void exchange_on_completed(void *cls, struct MHD_Connection *connection, void **request_cls,
			   enum MHD_RequestTerminationCode code);

/* Closes the reply of the request at hand, and wakes the connection so that it ends. */
void exchange_abandon(struct link *link);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Snapshots and events in shared memory: one writer that never waits, readers that cannot write.
 *
 * A memfd holds SHARE_SLOTS slots, used in turn. A slot carries the sequence number before and
 * after its data; a reader copies the data out and takes it only when both were equal before and
 * after the copy. The memfd is sealed against every later writable mapping, so that handing out
 * the descriptor gives reading only. Source: memfd_create(2), fcntl(2) F_SEAL_FUTURE_WRITE. */

#include <stddef.h>
#include <stdint.h>

#include "model/draft.h"
#include "model/event.h"
#include "model/snapshot.h"

#define SHARE_SLOTS 4

struct share;

/* The writer's side. Returns 0 or a negative errno. The memory is reserved, not touched; it begins
 * as zeros, so the ring of events is an empty one. */
int share_new(size_t snapshot_bytes_max, struct share **ret_share);

/* The reader's side. Takes `fd` on success. -EBADMSG: not such a memfd, or one of another build. */
int share_open(int fd, struct share **ret_share);
void share_free(struct share *share);

/* Borrowed; to be inherited or sent to a reader. */
int share_fd(const struct share *share);

/* The ring of events, as long as the share lives: the writer's, to add to, and the reader's, which
 * event_copy reads. */
struct event_ring *share_event_ring(struct share *share);
const struct event_ring *share_events(const struct share *share);

/* Publishes a copy of the draft. Never fails: the size was reserved for every row. */
void share_publish(struct share *share, const struct draft *draft);

/* Number of the newest round; 0: nothing was published yet. One atomic load. */
uint64_t share_sequence(const struct share *share);

/* Copies the newest snapshot (age 0), or one that is `age` rounds older, into *buffer, which grows
 * as needed and is the caller's to free; *capacity is its size. Returns 0, -ENODATA (not there yet,
 * or no longer), -EAGAIN (overtaken by the writer again and again), -EPROTO (writer built
 * differently), -ENOMEM. */
int share_copy(const struct share *share, unsigned age, struct snapshot **buffer, size_t *capacity);

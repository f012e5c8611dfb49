/* SPDX-License-Identifier: Apache-2.0 */

/* share: slots in a memfd, guarded by sequence numbers.
 *
 * The writer marks a slot with the new number (`before`), writes, marks it again (`after`), and
 * then announces it. A reader wants `after` to be its number when it begins (the data is whole)
 * and `before` still to be it when it is done (no new write has begun): a sequence lock with one
 * writer, who has three more slots to fill before it comes back to this one. */

#include "model/share.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

#define SHARE_MAGIC 0x3230485350ULL /* "PSH02" */
#define PAGE_BYTES  4096
#define ATTEMPTS    8 /* each lost race means that the writer finished whole rounds meanwhile */

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U /* Linux 6.3 */
#endif

#define WHOLE_PAGES(bytes) (((bytes) + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES)

/* The memory: a page for this header, pages for the events, then the slots. */
struct share_header {
	uint64_t magic;
	uint64_t slots;
	uint64_t slot_bytes;  /* whole pages */
	uint64_t event_bytes; /* sizeof(struct event_ring) of the writer */
	_Atomic uint64_t sequence;
};

#define EVENTS_START PAGE_BYTES
#define SLOTS_START  (EVENTS_START + WHOLE_PAGES(sizeof(struct event_ring)))

struct share_slot {
	_Atomic uint64_t before, after;
	uint64_t length;
	uint64_t reserved;
	struct snapshot data; /* up to the slot's end */
};

struct share {
	int fd;
	struct share_header *header; /* start of the mapping */
	size_t bytes;
};

static struct share_slot *share_slot(const struct share *share, uint64_t sequence)
{
	return (struct share_slot *) ((char *) share->header + SLOTS_START +
				      sequence % SHARE_SLOTS * share->header->slot_bytes);
}

static int memfd_sealable(void)
{
	int fd = memfd_create("plimsoll-snapshot",
			      MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);

	if (fd < 0 && errno == EINVAL) /* before Linux 6.3 */
		fd = memfd_create("plimsoll-snapshot", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	return fd < 0 ? -errno : fd;
}

/* Takes fd on success. NULL with errno set. */
static struct share *share_map(int fd, size_t bytes, int protection)
{
	struct share *share = calloc(1, sizeof(*share));
	void *start;

	if (!share)
		return NULL;

	start = mmap(NULL, bytes, protection, MAP_SHARED, fd, 0);
	if (start == MAP_FAILED) {
		free(share);
		return NULL;
	}

	*share = (struct share){ .fd = fd, .header = start, .bytes = bytes };
	return share;
}

int share_new(size_t snapshot_bytes_max, struct share **ret_share)
{
	size_t slot_bytes = WHOLE_PAGES(sizeof(struct share_slot) + snapshot_bytes_max);
	size_t bytes = SLOTS_START + SHARE_SLOTS * slot_bytes;
	CLEANUP(close_p) int fd = -1;
	struct share *share;
	int r;

	fd = memfd_sealable();
	if (fd < 0)
		return fd;
	if (ftruncate(fd, (off_t) bytes) < 0)
		return -errno;

	share = share_map(fd, bytes, PROT_READ | PROT_WRITE);
	if (!share)
		return -errno;
	(void) TAKE_FD(fd); /* the share owns it */
	share->header->slots = SHARE_SLOTS;
	share->header->slot_bytes = slot_bytes;
	share->header->event_bytes = sizeof(struct event_ring);
	share->header->magic = SHARE_MAGIC;

	/* After our own mapping: from here on nobody can make a writable one. */
	if (fcntl(share->fd, F_ADD_SEALS,
		  F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) < 0) {
		r = -errno;
		share_free(share);
		return r;
	}

	*ret_share = share;
	return 0;
}

static bool header_is_sound(const struct share_header *header, size_t bytes)
{
	return header->magic == SHARE_MAGIC && header->slots == SHARE_SLOTS &&
	       header->event_bytes == sizeof(struct event_ring) &&
	       header->slot_bytes > sizeof(struct share_slot) &&
	       header->slot_bytes % PAGE_BYTES == 0 &&
	       header->slot_bytes == (bytes - SLOTS_START) / SHARE_SLOTS;
}

int share_open(int fd, struct share **ret_share)
{
	struct share *share;
	struct stat status;

	if (fstat(fd, &status) < 0)
		return -errno;
	if (status.st_size <= (off_t) SLOTS_START)
		return -EBADMSG;

	share = share_map(fd, (size_t) status.st_size, PROT_READ);
	if (!share)
		return -errno;
	if (!header_is_sound(share->header, share->bytes)) {
		share->fd = -1; /* stays the caller's */
		share_free(share);
		return -EBADMSG;
	}

	*ret_share = share;
	return 0;
}

void share_free(struct share *share)
{
	if (!share)
		return;

	(void) munmap(share->header, share->bytes); /* it was mapped by share_map */
	close_p(&share->fd);
	free(share);
}

int share_fd(const struct share *share)
{
	return share->fd;
}

struct event_ring *share_event_ring(struct share *share)
{
	return (struct event_ring *) ((char *) share->header + EVENTS_START);
}

const struct event_ring *share_events(const struct share *share)
{
	return (const struct event_ring *) ((const char *) share->header + EVENTS_START);
}

void share_publish(struct share *share, const struct draft *draft)
{
	struct draft_stats stats;
	struct share_slot *slot;
	uint64_t sequence;

	draft_stats_get(draft, &stats);
	sequence = stats.round;
	assert(sequence > share_sequence(share)); /* the marks tell rounds apart, not writes */
	slot = share_slot(share, sequence);
	assert(sizeof(*slot) + draft_bytes(draft) <= share->header->slot_bytes);

	atomic_store_explicit(&slot->before, sequence, memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst); /* mark first, then data */
	slot->length = draft_write(draft, &slot->data);
	atomic_store_explicit(&slot->after, sequence, memory_order_release);
	atomic_store_explicit(&share->header->sequence, sequence, memory_order_release);
}

uint64_t share_sequence(const struct share *share)
{
	return atomic_load_explicit(&share->header->sequence, memory_order_acquire);
}

static int buffer_grow(struct snapshot **buffer, size_t *capacity, size_t needed)
{
	struct snapshot *grown;

	if (needed <= *capacity)
		return 0;
	needed += needed / 4; /* the next few containers need no new one */
	grown = realloc(*buffer, needed);
	if (!grown)
		return -ENOMEM;

	*buffer = grown;
	*capacity = needed;
	return 0;
}

/* Copies the slot of one sequence number. -ENODATA: it holds another one. */
static int copy_slot(const struct share *share, uint64_t sequence, struct snapshot **buffer,
		     size_t *capacity)
{
	struct share_slot *slot = share_slot(share, sequence);
	size_t room = share->header->slot_bytes - offsetof(struct share_slot, data);
	size_t length;
	int r;

	if (atomic_load_explicit(&slot->after, memory_order_acquire) != sequence)
		return -ENODATA;
	length = slot->length;
	if (length > room)
		return -ENODATA; /* being written at this moment, or no slot of ours */

	r = buffer_grow(buffer, capacity, length);
	if (r < 0)
		return r;
	memcpy(*buffer, &slot->data, length);
	atomic_thread_fence(memory_order_acquire); /* data first, then look at the mark again */
	if (atomic_load_explicit(&slot->before, memory_order_relaxed) != sequence)
		return -ENODATA;

	return snapshot_check(*buffer, length);
}

int share_copy(const struct share *share, unsigned age, struct snapshot **buffer, size_t *capacity)
{
	for (unsigned attempt = 0; attempt < ATTEMPTS; attempt++) {
		uint64_t newest = share_sequence(share);
		int r;

		if (newest <= age)
			return -ENODATA;
		r = copy_slot(share, newest - age, buffer, capacity);
		if (r != -ENODATA)
			return r;
		/* With the newest slot the writer was faster than we: take the one that is newest
		 * now. With an older one, the writer came round and it is gone. */
		if (age >= SHARE_SLOTS - 1)
			return -ENODATA;
	}

	return -EAGAIN;
}

/* SPDX-License-Identifier: Apache-2.0 */

/* podman_stores: the list of stores, and who is asked. They are on the heap, one by one: SQLite
 * keeps pointers into them. */

#include "podman_stores.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "containers/cgroup_name.h"
#include "containers/podman_store.h"

#define LIST_MAX 65536 /* containers looked at when somebody asks for one only */

struct podman_store *podman_stores_get(struct podman_stores *stores, const char *graph_path,
				       uint32_t uid)
{
	struct podman_store *store, **list;

	for (size_t i = 0; i < stores->count; i++) {
		store = stores->list[i];
		if (store->uid == uid && strcmp(store->graph_path, graph_path) == 0) {
			store->seen = true;
			return store;
		}
	}

	list = reallocarray(stores->list, stores->count + 1, sizeof(struct podman_store *));
	if (!list)
		return NULL;
	stores->list = list;
	if (podman_store_new(stores->root_fd, stores->watches, graph_path, &store) < 0)
		return NULL;
	store->uid = uid;
	store->seen = true;
	list[stores->count++] = store;
	return store;
}

void podman_stores_fini(struct podman_stores *stores)
{
	podman_index_fini(&stores->index);
	for (size_t i = 0; i < stores->count; i++)
		podman_store_free(stores->list[i]);
	free(stores->list);
	stores->list = NULL;
	stores->count = 0;
}

void podman_stores_begin(struct podman_stores *stores)
{
	for (size_t i = 0; i < stores->count; i++)
		stores->list[i]->seen = false;
}

void podman_stores_sweep(struct podman_stores *stores)
{
	size_t kept = 0;

	for (size_t i = 0; i < stores->count; i++) {
		struct podman_store *store = stores->list[i];

		if (store->seen) {
			stores->list[kept++] = store;
			continue;
		}
		podman_index_forget(&stores->index, store);
		podman_store_free(store);
	}
	stores->count = kept;
}

/* Who is asked about a container with this cgroup: the user in whose session it is, else root.
 * Where the administrator named the graph roots, a cgroup that is nobody's may be anybody's. */
static bool is_asked(const struct podman_store *store, uint32_t uid)
{
	if (uid != 0)
		return store->rootless && store->uid == uid;

	return !store->rootless || store->configured;
}

/* The stores' word about which containers there are. No user takes the room of another one. */
static void ask_stores(struct podman_stores *stores, size_t max)
{
	size_t share = stores->count > 0 ? max / stores->count : 0;

	podman_index_begin(&stores->index);
	for (size_t i = 0; i < stores->count; i++) {
		struct podman_store *store = stores->list[i];
		struct podman_ids ids = { 0 };
		int r = podman_store_list(store, store->rootless ? share : max, &ids);

		if (r == -EAGAIN || r == -ENOMEM)
			podman_index_keep(&stores->index, store);
		for (size_t k = 0; k < ids.count; k++)
			podman_index_claim(&stores->index, ids.list[k], store);
		podman_ids_fini(&ids);
	}
	podman_index_sweep(&stores->index);
}

/* The store of a container without cgroup. As podman_index_find. */
static int find_store(struct podman_stores *stores, const char *id, struct podman_store **ret_store)
{
	int r = podman_index_find(&stores->index, id, ret_store);

	if (r != -ENOENT)
		return r;
	ask_stores(stores, LIST_MAX);
	return podman_index_find(&stores->index, id, ret_store);
}

int podman_stores_ask(struct podman_stores *stores, const char *id, const char *path,
		      store_question question, void *answer, struct podman_store **ret_store)
{
	uint32_t uid = path ? cgroup_user(path) : 0;
	int r = -ENOENT;

	*ret_store = NULL;
	if (!path) {
		r = find_store(stores, id, ret_store);
		return r < 0 ? r : question(*ret_store, id, answer);
	}
	for (size_t i = 0; i < stores->count && r == -ENOENT; i++) {
		struct podman_store *store = stores->list[i];

		if (!is_asked(store, uid))
			continue;
		r = question(store, id, answer);
		*ret_store = r == -ENOENT ? NULL : store;
	}
	if (r == 0)
		podman_index_prove(&stores->index, id, *ret_store);
	return r;
}

void podman_stores_list(struct podman_stores *stores, size_t max,
			void (*found)(const char *id, void *userdata), void *userdata)
{
	ask_stores(stores, max);
	podman_index_list(&stores->index, max, found, userdata);
}

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Containers that want to be scraped, for Prometheus: http_sd_configs, and files of the same form.
 * Source: Prometheus, "HTTP SD format".
 *
 * [{"targets": ["172.17.0.3:9100"], "labels": {"__metrics_path__", "__scheme__",
 *	"__meta_plimsoll_container_name", "__meta_plimsoll_container_id", "__meta_plimsoll_image",
 *	"__meta_plimsoll_engine", "__meta_plimsoll_pod", "__meta_plimsoll_label_KEY"}}]
 *
 * A container wants it by the label prometheus.io/scrape=true or io.plimsoll.scrape=true, and says
 * where by prometheus.io/port, /path and /scheme. Without a port the target has none, and the
 * scraper takes that of the scheme. It is left out when it has no address that can be reached, or
 * when a port or scheme is none. */

struct snapshot;
struct text;

/* Appends the whole list. `host` is how the one who asks calls this host, without port (an IPv6
 * address in brackets): the address of containers that use the host's network. NULL: the
 * machine's own name. Returns 0, or -EIO when the list may lack somebody: the cgroup tree could
 * not be read, or there was no room for names. An error is better than such a list, since
 * Prometheus goes on with the one that it has. */
int service_discovery_write(const struct snapshot *snapshot, const char *host,
			    struct text *ret_text);

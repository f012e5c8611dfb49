/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What a row of a snapshot describes. Rows of one entity all have the same cells; which, is in
 * metrics.def. A child row belongs to a container row and carries one label of its own. */

enum entity {
	ENTITY_CONTAINER, /* one cgroup that is a container; or the root cgroup, "/", without name
			   */
	ENTITY_DEVICE,    /* child: block device used by a container, label "/dev/NAME" */
	ENTITY_INTERFACE, /* child: interface in a network namespace that the container owns */
	ENTITY_HUGEPAGE,  /* child: huge page size, label as in file names: "2MB", "1GB" */
	ENTITY_HOST,      /* the machine as the kernel counts it; one row */
	ENTITY_MACHINE,   /* the machine as it is built; one row */
	ENTITY_DISK,      /* block device of the host, label "/dev/NAME" */
	ENTITY_AGENT,     /* Plimsoll itself; one row */
	ENTITY_COLLECTOR, /* one sensor or runtime of Plimsoll, label is its name */
	ENTITY_COUNT,
};

/* Strings of a container row, and of the machine row where marked (M). Empty: unknown. */
enum attribute {
	ATTRIBUTE_PATH,    /* cgroup path below the mount, "/" for the root: label `id` */
	ATTRIBUTE_NAME,    /* label `name`; the engine's name, else the first 12 digits of the id */
	ATTRIBUTE_IMAGE,   /* label `image`: the reference as configured */
	ATTRIBUTE_RUNTIME, /* "docker", "podman", "runc", ... */
	ATTRIBUTE_ID,      /* the runtime's own id of the container; (M) machine id */
	ATTRIBUTE_IMAGE_ID, /* digest of the image; (M) DMI system uuid */
	ATTRIBUTE_POD,      /* name or id of the pod it belongs to; (M) boot id */
	ATTRIBUTE_NETWORK,  /* "own", "host", or "shared:NAME" after the owner; (M) host name */
	ATTRIBUTE_ADDRESS,  /* its IP address as far as its engine tells, the first one */
	ATTRIBUTE_DETAIL,   /* why the identity is incomplete; (M) kernel release */
	ATTRIBUTE_LABELS,   /* all labels: pairs "key\0value\0"; an empty key ends them */
	ATTRIBUTE_HINTS, /* those for agents: keys below "io.plimsoll." and "prometheus.io/"; same
			    form */
	ATTRIBUTE_SERIES_LABELS, /* the allow-listed ones, that go on every series; same form */
	ATTRIBUTE_COUNT,
};

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the OCI specification in a task's directory says (containerd_spec.c). Annotations are those
 * of the CRI plugin (Kubernetes), of nerdctl, or labels that ctr passed on. */

#include "containers/oci_states.h"

extern const struct oci_format oci_format_containerd;

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Names of images as people write them and as engines do. */

#include <stdbool.h>

/* Whether what a person wrote means this image: "nginx" is "docker.io/library/nginx:latest"; an id
 * may be a beginning of it, with or without "sha256:". `image` and `image_id` may be NULL. */
bool image_name_fits(const char *wanted, const char *image, const char *image_id);

/* "nginx:1.27" for "docker.io/library/nginx:1.27": borrowed, the part of `image` that is shown. */
const char *image_name_familiar(const char *image);

/* Whether the reference has a tag or a digest. */
bool image_name_has_tag(const char *image);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* ADDRESS_SANITIZER: 1 in builds with -fsanitize=address, which needs more of the kernel. */

#ifdef __has_feature /* clang */
#define ADDRESS_SANITIZER __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__) /* gcc */
#define ADDRESS_SANITIZER 1
#else
#define ADDRESS_SANITIZER 0
#endif

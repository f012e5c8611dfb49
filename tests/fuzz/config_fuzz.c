/* SPDX-License-Identifier: Apache-2.0 */

/* Any bytes as a configuration file. Whatever they are: a sentence, or a configuration whose every
 * setting is as settings.def wants it. libcyaml may refuse nothing that config_walk let through. */

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

static void check(const struct config *config)
{
	for (size_t i = 0; i < SETTINGS_COUNT; i++) {
		const void *member = (const char *) config + settings[i].offset;
		const struct strings *strings = member;

		if (settings[i].type == SETTING_DURATION || settings[i].type == SETTING_NUMBER)
			assert(*(const uint64_t *) member >= settings[i].min &&
			       *(const uint64_t *) member <= settings[i].max);
		if (!setting_is_list(&settings[i]))
			continue;
		assert(strings->count <= settings[i].max && !strings->items[strings->count]);
		for (size_t item = 0; item < strings->count; item++)
			assert(strlen(strings->items[item]) > 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct problem problem = { 0 };
	struct config config;
	int r;

	if (config_defaults(&config) < 0)
		abort();

	r = config_parse((const char *) data, size, &config, &problem);
	assert(r == 0 || problem.text[0] != '\0');
	assert(r == 0 || strncmp(problem.text, "libcyaml cannot", 15) != 0);
	check(&config);
	(void) config_check(&config, &problem);

	config_fini(&config);
	return 0;
}

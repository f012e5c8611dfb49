/* SPDX-License-Identifier: Apache-2.0 */

/* template_printf: printf of a template. The verbs are C's, but each goes with the values that it
 * can show, and width and precision are bounded.
 *
 * Source: the documentation of Go's fmt, and printf(3). */

#include <ctype.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/evaluation.h"

#define SPEC_MAX 999 /* width and precision */

/* "%-12.3f" without its verb. */
struct spec {
	bool zeros;    /* fill with zeros */
	int width;     /* negative: at the left; as printf's '*' */
	int precision; /* negative: none */
};

/* One verb of printf. Returns whether it goes with the value. */
static bool print_verb(char verb, const struct spec *spec, const json_t *value, struct text *text)
{
	CLEANUP(text_fini) struct text raw = { .limit = EVALUATION_BYTES };
	double number = json_number_value(value);

	if (verb == 'd' && json_is_integer(value)) {
		text_add_format(text, spec->zeros ? "%0*lld" : "%*lld", spec->width,
				(long long) json_integer_value(value));
	} else if (verb == 'f' && json_is_number(value)) {
		text_add_format(text, spec->zeros ? "%0*.*f" : "%*.*f", spec->width,
				spec->precision, number);
	} else if ((verb == 'g' || verb == 'e') && json_is_number(value)) {
		text_add_format(text, verb == 'g' ? "%*.*g" : "%*.*e", spec->width, spec->precision,
				number);
	} else if (verb == 's' || verb == 'v') {
		evaluation_add_raw(value, &raw);
		text_add(&raw, "", 1);
		if (!raw.overflowed)
			text_add_format(text, "%*.*s", spec->width, spec->precision, raw.bytes);
	} else if (verb == 'q') {
		evaluation_add_json(value, 0, text);
	} else {
		return false;
	}
	return true;
}

static int take_digits(const char **format)
{
	int value = 0;

	for (; isdigit((unsigned char) **format); ++*format)
		value = value < SPEC_MAX ? 10 * value + (**format - '0') : SPEC_MAX;
	return value < SPEC_MAX ? value : SPEC_MAX;
}

/* Takes "%-12.3f" off. Returns the verb, or 0 at the end. */
static char take_spec(const char **format, struct spec *ret_spec)
{
	bool left = false;
	char verb;

	*ret_spec = (struct spec){ .precision = -1 };
	for (++*format; **format == '-' || **format == '0'; ++*format) {
		left |= **format == '-';
		ret_spec->zeros |= **format == '0';
	}
	ret_spec->width = left ? -take_digits(format) : take_digits(format);
	if (**format == '.') {
		++*format;
		ret_spec->precision = take_digits(format);
	}
	verb = **format;
	if (verb != '\0')
		++*format;
	return verb;
}

json_t *function_printf(struct evaluation *evaluation, json_t *const *arguments, size_t count)
{
	const char *format = json_string_value(arguments[0]);
	struct text text = { .limit = EVALUATION_BYTES };
	struct spec spec;
	char verb;
	size_t i = 1;

	if (!format)
		return evaluation_fail(evaluation, "printf begins with a text");
	while (*format != '\0') {
		size_t plain = strcspn(format, "%");

		text_add(&text, format, plain);
		format += plain;
		if (*format == '\0')
			break;
		verb = take_spec(&format, &spec);
		if (verb == '%') {
			TEXT_ADD(&text, "%");
		} else if (i >= count || !print_verb(verb, &spec, arguments[i++], &text)) {
			text_fini(&text);
			return evaluation_fail(evaluation,
					       "printf: a verb does not go with its value; there "
					       "are %%s %%v %%q %%d %%f %%g %%e");
		}
	}
	return evaluation_text(evaluation, &text);
}

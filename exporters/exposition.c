/* SPDX-License-Identifier: Apache-2.0 */

/* exposition: families, rows, lines. Nothing in here prints with a format string: 1000 containers
 * are 50000 lines. */

#include "exporters/exposition.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "exporters/exporter.h"
#include "exporters/labels.h"
#include "exporters/selection.h"

struct writer {
	const struct exposition *format;
	const struct snapshot *snapshot;
	struct selection selection;
	bool full;
	struct labels labels;
	struct text *text;
};

/* One family at a time: what is the same on all of its lines. */
struct series {
	const struct metric_info *info;
	enum metric metric;
	enum label_set set;
};

static const struct attribute_name machine_labels[] = {
	{ "machine_id", ATTRIBUTE_ID },
	{ "system_uuid", ATTRIBUTE_IMAGE_ID },
	{ "boot_id", ATTRIBUTE_POD },
};

static const struct attribute_name identity_labels[] = {
	{ "container_id", ATTRIBUTE_ID },   { "image", ATTRIBUTE_IMAGE },
	{ "image_id", ATTRIBUTE_IMAGE_ID }, { "pod", ATTRIBUTE_POD },
	{ "network", ATTRIBUTE_NETWORK },   { "detail", ATTRIBUTE_DETAIL },
};

static void add_attributes(const struct writer *writer, size_t start, const struct row *row,
			   const struct attribute_name *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		label_add(writer->text, start, names[i].name,
			  snapshot_string(writer->snapshot, row, names[i].attribute));
}

/* The container row whose labels a row carries; ROW_NONE: none. */
static uint32_t container_of(const struct row *row)
{
	return row->entity == ENTITY_CONTAINER ? row->index : row->parent;
}

static bool has_container(enum entity entity)
{
	return entity == ENTITY_CONTAINER || entity == ENTITY_DEVICE ||
	       entity == ENTITY_INTERFACE || entity == ENTITY_HUGEPAGE;
}

static bool is_shown(const struct writer *writer, const struct row *row)
{
	if (has_container(row->entity))
		return selection_has(&writer->selection, container_of(row));
	return !writer->selection.is_one;
}

static void add_container_labels(const struct writer *writer, const struct series *series,
				 const struct row *row)
{
	struct slice block = labels_get(&writer->labels, container_of(row), series->set);

	text_add(writer->text, block.start, block.length);
}

/* Where there is no cgroup path, the container's id is among the labels already (labels.c). */
static void add_identity(const struct writer *writer, size_t start, const struct row *row)
{
	bool has_path = snapshot_string(writer->snapshot, row, ATTRIBUTE_PATH)[0] != '\0';

	add_attributes(writer, start, row, identity_labels + !has_path,
		       ARRAY_SIZE(identity_labels) - !has_path);
}

static void add_info_labels(const struct writer *writer, size_t start, enum metric metric,
			    const struct row *row)
{
	if (metric == METRIC_BUILD_INFO)
		label_add(writer->text, start, "version", PLIMSOLL_VERSION);
	else if (metric == METRIC_CONTAINER_INFO)
		add_identity(writer, start, row);
	else if (metric == METRIC_CONTAINER_LABEL_INFO)
		label_add_pairs(writer->text, start, "label_",
				snapshot_string(writer->snapshot, row, ATTRIBUTE_LABELS));
}

static void add_labels(const struct writer *writer, const struct series *series,
		       const struct row *row)
{
	const struct metric_info *info = series->info;
	struct text *text = writer->text;
	size_t start = text->length;

	if (has_container(info->entity))
		add_container_labels(writer, series, row);
	else if (info->entity == ENTITY_MACHINE)
		add_attributes(writer, start, row, machine_labels, ARRAY_SIZE(machine_labels));

	if (info->labels[0] != '\0') {
		if (text->length > start)
			TEXT_ADD(text, ",");
		text_add_string(text, info->labels);
	}
	if (row_label_names[info->entity])
		label_add(text, start, row_label_names[info->entity], row->label);
	if (info->kind == KIND_INFO)
		add_info_labels(writer, start, series->metric, row);
}

static void add_value(struct text *text, const struct metric_info *info, uint64_t value)
{
	switch (info->unit) {
	case UNIT_NANOSECONDS:
	case UNIT_NANO:
		text_add_nano(text, value);
		break;
	case UNIT_SIGNED:
		text_add_i64(text, (int64_t) value);
		break;
	default:
		text_add_u64(text, value);
	}
}

static void add_sample(const struct writer *writer, const struct series *series,
		       const struct row *row, uint64_t value)
{
	struct text *text = writer->text;
	size_t brace;

	text_add_string(text, series->info->name);
	brace = text->length;
	TEXT_ADD(text, "{");
	add_labels(writer, series, row);
	if (text->length == brace + 1)
		text->length = brace;
	else
		TEXT_ADD(text, "}");
	TEXT_ADD(text, " ");
	add_value(text, series->info, value);
	TEXT_ADD(text, "\n");
}

/* Whether the row has a sample of this metric. Labels are strings, not a cell: a container that
 * is there and has some has its label info. */
static bool sample_of(const struct writer *writer, enum metric metric, const struct row *row,
		      uint64_t *ret_value)
{
	if (metric == METRIC_CONTAINER_LABEL_INFO)
		return snapshot_string(writer->snapshot, row, ATTRIBUTE_LABELS)[0] != '\0' &&
		       row_get(row, METRIC_CONTAINER_INFO, ret_value);

	return row_get(row, metric, ret_value);
}

/* Returns whether a sample was written. */
static bool write_metric(const struct writer *writer, enum metric metric)
{
	struct series series = {
		.info = &metric_infos[metric],
		.metric = metric,
		.set = strncmp(metric_infos[metric].name, "plimsoll_", 9) == 0 ? LABELS_NATIVE
									       : LABELS_COMPATIBLE,
	};
	uint32_t rows = snapshot_rows(writer->snapshot, series.info->entity);
	bool written = false;
	uint64_t value;

	for (uint32_t i = 0; i < rows; i++) {
		const struct row *row = snapshot_row(writer->snapshot, series.info->entity, i);

		if (!row || !sample_of(writer, metric, row, &value) || !is_shown(writer, row) ||
		    (series.info->kind == KIND_STATE && value == 0 && !writer->full))
			continue;
		add_sample(writer, &series, row, value);
		written = true;
	}

	return written;
}

/* The metric behind the last one of the family. */
static enum metric family_end(enum metric first)
{
	enum metric end = first + 1;

	while (end < METRIC_COUNT && strcmp(metric_infos[end].name, metric_infos[first].name) == 0)
		end++;

	return end;
}

/* A family without samples is taken back: not a line of it remains. */
static void write_family(const struct writer *writer, enum metric first, enum metric end)
{
	size_t start = writer->text->length;
	bool written = false;

	writer->format->describe(&metric_infos[first], writer->text);
	for (enum metric metric = first; metric < end; metric++)
		written |= write_metric(writer, metric);
	if (!written)
		writer->text->length = start;
}

static void write_families(const struct writer *writer)
{
	for (enum metric first = 0, end; first < METRIC_COUNT; first = end) {
		end = family_end(first);
		if (writer->full || !metric_infos[first].more)
			write_family(writer, first, end);
	}
	text_add_string(writer->text, writer->format->end);
	if (writer->labels.text.overflowed)
		writer->text->overflowed = true;
}

int exposition_write(const struct exposition *format, const struct export *export,
		     struct text *ret_text)
{
	struct writer writer = {
		.format = format,
		.snapshot = export->now,
		.full = export->full,
		.text = ret_text,
	};
	int r;

	r = selection_init(&writer.selection, export);
	if (r < 0)
		return r;

	r = labels_init(&writer.labels, export->now, &writer.selection);
	if (r >= 0)
		write_families(&writer);

	labels_fini(&writer.labels);
	selection_fini(&writer.selection);
	return r;
}

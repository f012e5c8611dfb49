# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# How a suite's script says what it found. To be sourced. One line per test,
#
#   ok NAME
#   FAIL NAME: reason
#   skip NAME: reason
#
# details below it, indented, and one closing line, from which tests/run adds up.

report_passed=0
report_failed=0
report_skipped=0

# report LINE: prints it, and counts it when it is the result of a test.
report() {
	printf '%s\n' "$1"
	case $1 in
	"ok "*) report_passed=$((report_passed + 1)) ;;
	"FAIL "*) report_failed=$((report_failed + 1)) ;;
	"skip "*) report_skipped=$((report_skipped + 1)) ;;
	esac
}

report_ok() {
	report "ok $1"
}

report_fail() {
	report "FAIL $1: $2"
}

report_skip() {
	report "skip $1: $2"
}

# Details, from standard input.
report_detail() {
	sed 's/^/  | /'
}

# The closing line; the status is that of the suite.
report_end() {
	echo "$report_passed passed, $report_failed failed, $report_skipped skipped"
	[[ $report_failed -eq 0 ]]
}

# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# The steps of the suite `fresh`, and the place of their results: tests/vm takes from there the
# programs that its guests run, since each release has libraries of its own. To be sourced, with
# the directory of the repository in $top.

# shellcheck source=tests/harness/debian_root.sh
. "${top:?}/tests/harness/debian_root.sh"

# shellcheck disable=SC2034 # for those who source this
{
	fresh_cache=${PLIMSOLL_CACHE:-$top/.cache}/fresh
	fresh_logs=${PLIMSOLL_CACHE:-$top/.cache}/logs
	fresh_releases=(12 13)
}

# What a newcomer has. (ca-certificates: git cannot clone over https without.)
fresh_packages=git,ca-certificates

fresh_suite() {
	case $1 in
	12) echo bookworm ;;
	13) echo trixie ;;
	esac
}

# Directory of the root in which the clone is /root/plimsoll.
fresh_dir() {
	echo "$fresh_cache/debian-$1"
}

# A bare root, always a new one, unpacked from the cache. It gets its name when it is whole: what an
# interrupted run leaves is never taken for a root.
fresh_root() {
	local dir archive
	dir=$(fresh_dir "$1")
	archive=$fresh_cache/bare-$1-$(sha256sum <<<"$fresh_packages" | cut -c 1-12).tar
	rm -rf "$dir" "$dir.new"
	mkdir -p "$dir.new"
	if [[ -f $archive ]]; then
		tar -C "$dir.new" -xf "$archive" || return 1
	else
		root_make "$(fresh_suite "$1")" "$dir.new" minbase "$fresh_packages" || return 1
		tar -C "$dir.new" --one-file-system -cf "$archive.new" . || return 1
		mv "$archive.new" "$archive"
	fi
	mv "$dir.new" "$dir"
}

# git refuses the repository of another user, which this one is under sudo; a HOME of our own says
# that it may be read, also to the process at the other end of the clone.
fresh_clone() {
	local home status=0
	home=$(mktemp -d -t plimsoll-home.XXXXXX)
	HOME=$home git config --global safe.directory '*'
	HOME=$home git clone --quiet "file://$top" "$(fresh_dir "$1")/root/plimsoll" || status=$?
	rm -rf "$home"
	return "$status"
}

# fresh_build RELEASE [DIR]: DIR below the root. A root whose packages are installed is marked: it
# serves tests/vm, too.
fresh_build() {
	local root
	root=$(fresh_dir "$1")
	root_run "$root" "/${2:-root/plimsoll}/packaging/quickstart" --build-only && touch "$root/.installed"
}

fresh_is_installed() {
	[[ -e $(fresh_dir "$1")/.installed ]]
}

fresh_start() {
	root_run "$(fresh_dir "$1")" /root/plimsoll/build/bin/plimsolld --version
}

fresh_unit() {
	root_run "$(fresh_dir "$1")" /root/plimsoll/tests/run unit
}

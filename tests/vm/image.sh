# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# Disk images of the guests: a Debian release with systemd, its own kernel, the engines, and the
# libraries of our programs, but not the programs. To be sourced, after tests/fresh/fresh.sh.

# shellcheck source=packaging/packages.sh
. "${top:?}/packaging/packages.sh"

image_cache=${PLIMSOLL_CACHE:-$top/.cache}/images

image_packages() {
	packages_list "$1" guest integration | paste -s -d ,
}

# Named after everything that decides what is in it.
image_path() {
	local key
	key=$({
		image_packages "$1"
		cat "$top/tests/vm/image.sh"
	} | sha256sum | cut -c 1-12)
	echo "$image_cache/debian-$1-$key"
}

# image_make RELEASE: makes image_path, with .img, .kernel and .initrd, unless they are there.
# Without a journal and sparse: it is thrown away after each run (qemu's snapshot=on).
image_make() {
	local release=$1 path tree
	path=$(image_path "$release")
	[[ ! -f $path.img ]] || return 0
	tree=$image_cache/tree-$release
	rm -rf "$tree" "$image_cache/debian-$release-"*
	mkdir -p "$image_cache"
	root_make "$(fresh_suite "$release")" "$tree" apt "$(image_packages "$release")" || return 1
	# Nothing answers in a guest, and each question would wait.
	: >"$tree/etc/resolv.conf"
	cp -L "$tree"/boot/vmlinuz-* "$path.kernel" &&
		cp -L "$tree"/boot/initrd.img-* "$path.initrd" &&
		mke2fs -q -t ext4 -O ^has_journal -d "$tree" "$path.new" 4G &&
		mv "$path.new" "$path.img" || return 1
	rm -rf "$tree"
}

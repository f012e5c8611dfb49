# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# The sources and programs that a guest gets. They are those of the root that tests/fresh left,
# when it built what is in the working tree now; else the working tree is built in that root,
# which is made when it is not there. To be sourced, after tests/fresh/fresh.sh.

# Below a root: a copy of the working tree, with changes that are not committed.
guest_tree=root/working-tree

# working_tree_files: what git knows or would add, NUL after each.
working_tree_files() {
	git -c safe.directory='*' -C "${top:?}" ls-files -z --cached --others --exclude-standard |
		while IFS= read -r -d '' file; do
			[[ ! -e $top/$file ]] || printf '%s\0' "$file"
		done
}

# A sum over names and contents: of the working tree, and of what a directory has of the same files.
sum_of() {
	working_tree_files | sort -z | (cd "$1" && xargs -0 sha256sum 2>/dev/null) | sha256sum
}

# The directory of RELEASE's root whose programs belong to the working tree; fails if there is none.
guest_programs_dir() {
	local root dir now
	root=$(fresh_dir "$1")
	now=$(sum_of "$top")
	for dir in "$root/root/plimsoll" "$root/$guest_tree"; do
		if [[ -x $dir/build/bin/plimsolld && $(sum_of "$dir") == "$now" ]]; then
			echo "$dir"
			return
		fi
	done
	return 1
}

guest_programs_make() {
	local release=$1 dir
	! guest_programs_dir "$release" >/dev/null || return 0
	fresh_is_installed "$release" || fresh_root "$release" || return 1
	dir=$(fresh_dir "$release")/$guest_tree
	rm -rf "$dir"
	mkdir -p "$dir"
	working_tree_files | tar -C "$top" --null -T - -cf - | tar -C "$dir" -xf - || return 1
	fresh_build "$release" "$guest_tree"
}

# guest_programs_copy RELEASE DIR: sources and programs, without what the build needed on its way.
guest_programs_copy() {
	local dir
	dir=$(guest_programs_dir "$1") || return 1
	tar -C "$dir" --exclude=./.git --exclude=./.cache --exclude='./build-*' -cf - . |
		tar -C "$2" --exclude='./build/[!b]*' -xf -
}

# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# Which Debian packages are missing, and how to get them. To be sourced; the list itself is the
# file `packages` beside this one.

packages_file=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/packages

# Release of this host, "12". Another distribution gives a word that no line of the list has.
packages_release() {
	# shellcheck source=/dev/null
	(. /etc/os-release && [[ ${ID:-} == debian ]] && echo "${VERSION_ID:-unknown}") || echo unknown
}

# packages_list RELEASE GROUP...
packages_list() {
	local release=$1
	shift
	awk -v release="$release" -v groups=" $* " '
		/^#/ || NF == 0 { next }
		index(groups, " " $1 " ") && (NF < 3 || $3 == release) { print $2 }
	' "$packages_file" | sort -u
}

# packages_missing GROUP...: those of this host's release that are not installed.
packages_missing() {
	local package
	for package in $(packages_list "$(packages_release)" "$@"); do
		dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null |
			grep -qx installed || echo "$package"
	done
}

# quietly WHAT COMMAND...: one line on the terminal; the command's output only when it fails.
quietly() {
	local what=$1 log
	shift
	log=$(mktemp -t plimsoll-log.XXXXXX)
	echo "$what"
	if "$@" >"$log" 2>&1 </dev/null; then
		rm -f "$log"
		return 0
	fi
	{
		echo
		echo "failed: $*"
		echo "the end of its output (the whole is in $log):"
		tail -n 25 "$log" | sed 's/^/  | /'
	} >&2
	return 1
}

# packages_install GROUP...: from the distribution, and only what is missing. Says what to do when
# that cannot work.
packages_install() {
	local missing
	# Waits for other users of dpkg, such as the updates that a new cloud machine starts with.
	local -a apt=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120)

	mapfile -t missing < <(packages_missing "$@")
	[[ ${#missing[@]} -gt 0 ]] || return 0

	if ! command -v apt-get >/dev/null; then
		echo "This installs packages of Debian 12 or 13, and there is no apt-get here." >&2
		echo "Install what corresponds to: ${missing[*]}" >&2
		return 1
	fi
	if [[ $EUID -ne 0 ]]; then
		echo "Packages are missing, and only root can install them:" >&2
		echo "  sudo apt-get install ${missing[*]}" >&2
		return 1
	fi
	if ! quietly "Updating the list of packages ..." "${apt[@]}" update ||
		! quietly "Installing ${missing[*]} ..." \
			"${apt[@]}" install --yes --no-install-recommends "${missing[@]}"; then
		echo "Check the network and /etc/apt, then try again. By hand it would be:" >&2
		echo "  apt-get update && apt-get install ${missing[*]}" >&2
		return 1
	fi
}

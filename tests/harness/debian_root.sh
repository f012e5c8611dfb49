# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# Trees of Debian releases, made by mmdebstrap, and commands inside them. To be sourced; needs root.
#
# How this host reaches its archive is carried over as it is: its mirrors, the Acquire options of
# apt (proxies, certificates, clock checks), resolver, and the environment's proxies. A host that
# has no Debian sources leaves it to mmdebstrap's default.

# root_sources SUITE: lines for sources.list, from the host's own; nothing when it has none.
root_sources() {
	local suite=$1 host
	# shellcheck source=/dev/null
	host=$(. /etc/os-release && [[ ${ID:-} == debian ]] && echo "${VERSION_CODENAME:-}") || return 0
	[[ -n $host ]] || return 0
	# shellcheck disable=SC2016 # apt's variables, not ours
	apt-get indextargets --format '$(REPO_URI) $(RELEASE)' \
		'Identifier: Packages' 'Component: main' 2>/dev/null |
		sed -n -E "s/^([^ ]+) $host(|-updates|-security)\$/deb \1 $suite\2 main/p" | sort -u
}

# Only options that are about transport: an archive's extra indexes would cost each update megabytes.
root_apt_options() {
	apt-config dump Acquire |
		grep -Ev '^Acquire::(IndexTargets|Changelogs|CompressionTypes|cdrom)|""; *$' || true
}

# root_make SUITE DIR VARIANT PACKAGE,...
root_make() {
	local suite=$1 dir=$2 variant=$3 packages=$4 options
	local -a sources
	mapfile -t sources < <(root_sources "$suite")
	options=$(mktemp -t plimsoll-apt.XXXXXX)
	root_apt_options >"$options"
	mmdebstrap --quiet --mode=root --variant="$variant" --include="$packages" \
		--aptopt="$options" "$suite" "$dir" "${sources[@]}" || {
		rm -f "$options"
		return 1
	}
	rm -f "$options"
	cp -L /etc/resolv.conf /etc/hosts "$dir/etc/"
	# A mirror or a proxy may have a certificate of the host's own authority.
	if [[ -f /etc/ssl/certs/ca-certificates.crt && -d $dir/etc/ssl/certs ]]; then
		cp -L /etc/ssl/certs/ca-certificates.crt "$dir/etc/ssl/certs/"
	fi
}

# root_run DIR COMMAND...: with namespaces of its own, so that nothing is left mounted or running,
# however it ends.
root_run() {
	local dir=$1 name
	local -a environment=(PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8)
	shift
	for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
		[[ -z ${!name:-} ]] || environment+=("$name=${!name}")
	done
	unshare --mount --pid --fork --kill-child --root="$dir" --wd=/ --mount-proc \
		env -i "${environment[@]}" "$@" </dev/null
}

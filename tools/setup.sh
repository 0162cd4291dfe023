#!/usr/bin/env bash
# Installs what is missing of the Debian packages the project needs, and nothing else.
#
#   tools/setup.sh build    what ./quickstart needs: compiler, CMake, libraries
#   tools/setup.sh check    that, and what ./check needs: clang and its tools
#
# Debian 12 or newer (or a descendant with the same names), as root or with sudo. When everything is there it looks
# at the package database once and does nothing more: no network, no sudo.
set -euo pipefail

# One line a need. Alternatives are parted by `|`, the first that the distribution has is taken; `name>=version` takes a
# package only from that version on.
build_packages=(
  'g++' 'cmake' 'ninja-build' 'ccache' 'git' 'python3' 'tzdata' 'ca-certificates'
  'libboost1.81-dev|libboost-dev>=1.81' 'libboost-json1.81-dev|libboost-json-dev>=1.81'
  'libboost-url1.81-dev|libboost-url-dev>=1.81' 'libssl-dev' 'libsqlite3-dev' 'libzstd-dev'
  'libfmt-dev' 'libyaml-cpp-dev' 'libcli11-dev' 'librandom123-dev' 'libhowardhinnant-date-dev'
  'catch2' 'libbenchmark-dev'
)
check_packages=(
  'clang' 'clang-format' 'clang-tidy'
  'lld' # links in a quarter of the time
  'libclang-rt-dev' # sanitizer run-times and libFuzzer for clang
  'python3-jsonschema'
)

case ${1:-} in
  build) needs=("${build_packages[@]}") ;;
  check) needs=("${build_packages[@]}" "${check_packages[@]}") ;;
  *) sed -n '2,8p' "$0" >&2; exit 64 ;;
esac

if ! command -v dpkg-query >/dev/null; then
  echo "setup: this is not a Debian system; assuming that these are installed in your system's own way:" >&2
  printf '         %s\n' "${needs[@]}" >&2
  exit 0
fi

declare -A installed=()
while read -r name version status; do
  [[ $status == installed ]] && installed[${name%%:*}]=$version
done < <(dpkg-query -W -f '${Package} ${Version} ${db:Status-Status}\n')

new_enough() { [[ -z $2 ]] || dpkg --compare-versions "$1" ge "$2"; } # version, least version or nothing
name_in() { echo "${1%%>=*}"; }
least_in() { [[ $1 == *'>='* ]] && echo "${1##*>=}" || true; }

is_met() {
  local alternative version
  for alternative in ${1//|/ }; do
    version=${installed[$(name_in "$alternative")]:-}
    [[ -n $version ]] && new_enough "$version" "$(least_in "$alternative")" && return 0
  done
  return 1
}

missing=()
for need in "${needs[@]}"; do is_met "$need" || missing+=("$need"); done
[[ ${#missing[@]} -gt 0 ]] || exit 0

if [[ $(id -u) == 0 ]]; then
  as_root=()
elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [[ -t 0 && -z ${CI:-} ]]; }; then
  as_root=(sudo)
else
  {
    echo "setup: these packages are missing, and installing them needs root or sudo:"
    printf '         %s\n' "${missing[@]}"
    echo "       Please have them installed (of alternatives parted by | one is enough), then run this again:"
    printf '         apt-get install --no-install-recommends'
    for need in "${missing[@]}"; do printf ' %s' "$(name_in "${need%%|*}")"; done
    echo
  } >&2
  exit 77
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() { # quiet, unless it fails
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 || {
    tail -n 25 "$log" >&2
    echo "setup: apt-get $1 failed (its last lines stand above)." >&2
    exit 69
  }
}

echo "setup: installing what is missing (${#missing[@]} of ${#needs[@]} packages) from $(. /etc/os-release && echo "${PRETTY_NAME:-the distribution}") ..."
apt update

candidate() { apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: *//p'; }
chosen=()
for need in "${missing[@]}"; do
  choice=
  for alternative in ${need//|/ }; do
    name=$(name_in "$alternative")
    version=$(candidate "$name")
    [[ -n $version && $version != '(none)' ]] && new_enough "$version" "$(least_in "$alternative")" && { choice=$name; break; }
  done
  [[ -n $choice ]] || { echo "setup: this distribution has no package for '$need'; Debian 12 or newer is needed." >&2; exit 69; }
  chosen+=("$choice")
done
apt install --no-install-recommends "${chosen[@]}"
echo "setup: installed ${chosen[*]}."

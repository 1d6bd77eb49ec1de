#!/usr/bin/env bash
# Installs what the tests need beyond Python: Chromium, PostgreSQL and Redis, and the typefaces
# that most phones show. Where it may not install, it names what is missing and the tests that
# need it are skipped; with CI=true something missing is an error.
set -euo pipefail

missing=()
[ -n "${JKN_TEST_CHROMIUM:-}" ] || command -v chromium chromium-browser google-chrome >/dev/null \
    || missing+=(chromium)
command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null \
    || missing+=(postgresql)
command -v redis-server >/dev/null || missing+=(redis-server)
compgen -G '/usr/share/fonts/truetype/roboto/*/*/Roboto-Regular.ttf' >/dev/null \
    || missing+=(fonts-roboto-unhinted)
compgen -G '/usr/share/fonts/truetype/noto/NotoMono-Regular.ttf' >/dev/null \
    || missing+=(fonts-noto-mono)
# The same engine without a window costs the walks half as much, where there is a package of it.
light=chromium-headless-shell
has_light() { command -v $light >/dev/null; }
may_have_light() { apt-cache show $light >/dev/null 2>&1; }
[ ${#missing[@]} -eq 0 ] && { has_light || ! may_have_light; } && exit 0

if ! command -v apt-get >/dev/null; then
    installer=()
elif [ "$(id -u)" -eq 0 ]; then
    installer=(env DEBIAN_FRONTEND=noninteractive apt-get)
elif sudo --non-interactive true 2>/dev/null; then
    installer=(sudo --non-interactive DEBIAN_FRONTEND=noninteractive apt-get)
else
    installer=()
fi

if [ ${#installer[@]} -gt 0 ]; then
    echo "Installing for the tests: ${missing[*]:-$light}"
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    install() { "${installer[@]}" -qq install -y --no-install-recommends "$@" >>"$log" 2>&1; }
    if "${installer[@]}" -qq update >"$log" 2>&1 \
        && { [ ${#missing[@]} -eq 0 ] || install "${missing[@]}"; }
    then
        has_light || ! may_have_light || install $light || echo "Without $light: walks take longer"
        exit 0
    fi
    tail -n 20 "$log"
fi

[ ${#missing[@]} -gt 0 ] || exit 0
echo "Missing for the tests: ${missing[*]}"
if [ "${CI:-}" = true ]; then
    exit 1
fi
echo "The tests that need them are skipped. To install: apt-get install ${missing[*]}"

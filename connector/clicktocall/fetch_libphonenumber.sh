#!/usr/bin/env bash
# Puts libphonenumber-js (MIT) into the extension as one file, with its licence beside it. It becomes the
# body of a function: a page without numbers then never runs it.
# For another version change both lines below, run this, then tests/browser/test_click_to_call*.py.
set -euo pipefail
VERSION=1.13.16
SHA256=1544e7c6d7f4d059b7277008238a5eb781f47022c68b1edeed892b879b6020e6

target="$(cd "$(dirname "$0")" && pwd)/extension/vendor"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent "libphonenumber-js@$VERSION"
tar xzf "libphonenumber-js-$VERSION.tgz"
echo "$SHA256  package/bundle/libphonenumber-min.js" | sha256sum --check --quiet
bundle="$(cat package/bundle/libphonenumber-min.js)"
printf 'function loadLibphonenumber() {\n%s\n}\n' "$bundle" > "$target/libphonenumber-min.js"
install -m 644 package/LICENSE "$target/libphonenumber-js.LICENSE.txt"

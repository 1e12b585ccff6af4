#!/usr/bin/env bash
# Puts stocktake on the runner: a release of this repository, checked against its SHA256SUMS, or the binary that is named.
set -euo pipefail

die() {
  printf '::error title=stocktake::%s\n' "$*"
  exit 1
}

if [ -n "${STOCKTAKE_BINARY:-}" ]; then
  [ -x "$STOCKTAKE_BINARY" ] || die "the input 'binary' names $STOCKTAKE_BINARY, which is no program"
  printf 'binary=%s\n' "$STOCKTAKE_BINARY" >>"$GITHUB_OUTPUT"
  exit 0
fi

version=${STOCKTAKE_VERSION:-}
case $version in
  v[0-9]*.[0-9]*.[0-9]*) ;;
  *) die "the input 'version' must name a release such as v0.1.0 when the action is used at '${version:-no tag}'" ;;
esac

case "${RUNNER_OS:-}-${RUNNER_ARCH:-}" in
  Linux-X64) triple=x86_64-unknown-linux-musl ;;
  Linux-ARM64) triple=aarch64-unknown-linux-musl ;;
  macOS-X64) triple=x86_64-apple-darwin ;;
  macOS-ARM64) triple=aarch64-apple-darwin ;;
  *) die "there is no release for ${RUNNER_OS:-an unknown system} on ${RUNNER_ARCH:-an unknown processor}; give the input 'binary'" ;;
esac

name=stocktake-$version-$triple.tar.gz
url=${GITHUB_SERVER_URL:-https://github.com}/${STOCKTAKE_REPOSITORY:?}/releases/download/$version
folder=${RUNNER_TEMP:?}/stocktake-$version
mkdir -p "$folder"
cd "$folder"
for file in "$name" SHA256SUMS; do
  curl --proto '=https,http' --fail --silent --show-error --location --retry 3 --output "$file" "$url/$file" ||
    die "$url/$file cannot be fetched"
done
grep -F "  $name" SHA256SUMS >SHA256SUMS.wanted || die "SHA256SUMS of $version does not name $name"
if command -v sha256sum >/dev/null; then
  sha256sum --check --status SHA256SUMS.wanted || die "$name is not what SHA256SUMS says"
else
  shasum --algorithm 256 --check --status SHA256SUMS.wanted || die "$name is not what SHA256SUMS says"
fi
tar -xzf "$name"
[ -x "$folder/stocktake" ] || die "$name holds no stocktake"
printf 'binary=%s\n' "$folder/stocktake" >>"$GITHUB_OUTPUT"

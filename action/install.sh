#!/usr/bin/env bash
# Puts stocktake on the runner: a release of this repository, checked against its SHA256SUMS and its build provenance, or the
# binary that is named.
set -euo pipefail

die() {
  local message=${*//'%'/%25}
  message=${message//$'\r'/%0D}
  printf '::error title=stocktake::%s\n' "${message//$'\n'/%0A}"
  exit 1
}

if [ -n "${STOCKTAKE_BINARY:-}" ]; then
  [ -x "$STOCKTAKE_BINARY" ] || die "the input 'binary' names $STOCKTAKE_BINARY, which is not a program"
  printf 'binary=%s\n' "$STOCKTAKE_BINARY" >>"$GITHUB_OUTPUT"
  exit 0
fi

version=${STOCKTAKE_VERSION:-}
[[ $version =~ ^v[0-9]+\.[0-9]+\.[0-9]+$ ]] ||
  die "the input 'version' must name a release such as v0.1.0 when the action is used at '${version:-no tag}'"

# A release comes over https alone, after a redirect too. Only a server on this machine may speak http.
server=${GITHUB_SERVER_URL:-https://github.com}
protocols='=https'
[[ ! $server =~ ^http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?$ ]] || protocols='=https,http'

case "${RUNNER_OS:-}-${RUNNER_ARCH:-}" in
  Linux-X64) triple=x86_64-unknown-linux-musl ;;
  Linux-ARM64) triple=aarch64-unknown-linux-musl ;;
  macOS-X64) triple=x86_64-apple-darwin ;;
  macOS-ARM64) triple=aarch64-apple-darwin ;;
  *) die "there is no release for ${RUNNER_OS:-an unknown system} on ${RUNNER_ARCH:-an unknown processor}; give the input 'binary'" ;;
esac

name=stocktake-$version-$triple.tar.gz
repository=${STOCKTAKE_REPOSITORY:?}
url=$server/$repository/releases/download/$version
folder=$(mktemp -d "${RUNNER_TEMP:?}/stocktake-XXXXXX")
cd "$folder"
for file in "$name" SHA256SUMS; do
  curl --proto "$protocols" --proto-redir '=https' --fail --silent --show-error --location --retry 3 --output "$file" "$url/$file" ||
    die "$url/$file cannot be fetched"
done
grep -F "  $name" SHA256SUMS >SHA256SUMS.wanted || die "SHA256SUMS of $version does not name $name"
if command -v sha256sum >/dev/null; then
  sha256sum --check --status SHA256SUMS.wanted || die "$name is not what SHA256SUMS says"
else
  shasum --algorithm 256 --check --status SHA256SUMS.wanted || die "$name is not what SHA256SUMS says"
fi

# The sums stand beside the archive: who can replace one can replace both. The attestation says which workflow built it, and from
# which tag. gh before 2.67 calls an archive without one good; gh before 2.68 cannot ask for the tag.
command -v gh >/dev/null ||
  die "gh is not on this runner, so the build provenance of $name cannot be checked: install gh 2.68 or later, or give the input 'binary'"
if [[ $(gh --version 2>/dev/null) =~ gh\ version\ ([0-9]+)\.([0-9]+) ]]; then
  major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}
  [ "$major" -gt 2 ] || { [ "$major" -eq 2 ] && [ "$minor" -ge 68 ]; } ||
    die "gh $major.$minor is too old to check the build provenance of $name: install gh 2.68 or later, or give the input 'binary'"
fi
gh attestation verify "$name" --repo "$repository" --signer-workflow "$repository/.github/workflows/release.yml" \
  --source-ref "refs/tags/$version" --deny-self-hosted-runners >provenance 2>&1 ||
  die "nothing proves that the release workflow of $repository built $name at $version; gh says: $(head -c 1000 provenance)"

tar -xzf "$name"
[ -x "$folder/stocktake" ] || die "$name holds no stocktake"
printf 'binary=%s\n' "$folder/stocktake" >>"$GITHUB_OUTPUT"

#!/usr/bin/env bash
# Tags the slim tree as vX.Y.Z and moves vX to it. Usage: tag-release.sh X.Y.Z FOLDER
set -euo pipefail
version="$1"
folder="$2"
[[ "$version" =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || { echo "not a version: $version" >&2; exit 2; }
tag="v$version"
if git ls-remote --exit-code --tags origin "refs/tags/$tag" >/dev/null; then
  echo "$tag exists and is never moved" >&2
  exit 1
fi
export GIT_AUTHOR_NAME=modelgate GIT_AUTHOR_EMAIL=release@modelgate.invalid
export GIT_COMMITTER_NAME="$GIT_AUTHOR_NAME" GIT_COMMITTER_EMAIL="$GIT_AUTHOR_EMAIL"
index="$(mktemp)"
rm -f "$index"
GIT_INDEX_FILE="$index" git -C "$folder" --git-dir="$PWD/.git" --work-tree=. add --all --force .
tree="$(GIT_INDEX_FILE="$index" git write-tree)"
commit="$(git commit-tree "$tree" -p HEAD -m "Release $tag: built from $(git rev-parse HEAD)")"
git push origin "$commit:refs/tags/$tag"
git push --force origin "$commit:refs/tags/v${version%%.*}"

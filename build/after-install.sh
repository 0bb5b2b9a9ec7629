#!/bin/sh
# Behind the installation of a deb or rpm: the command line and the app on the PATH, and Chromium's sandbox.
set -e
app='/opt/${sanitizedProductName}'

ln -sf "$app/resources/tidemark/bin/tidemark" /usr/bin/tidemark
ln -sf "$app/${executable}" '/usr/bin/${executable}'

# Where plain users may not make namespaces, Chromium's sandbox needs its own helper to do it as root.
if [ -f "$app/chrome-sandbox" ]; then
  chown root:root "$app/chrome-sandbox"
  chmod 4755 "$app/chrome-sandbox"
fi

# Ubuntu from 24.04 on asks for a profile before a program may make namespaces.
profile="$app/resources/apparmor-profile"
if [ -f "$profile" ] && command -v apparmor_parser >/dev/null 2>&1; then
  if apparmor_parser --skip-kernel-load --debug "$profile" >/dev/null 2>&1; then
    cp -f "$profile" '/etc/apparmor.d/${executable}'
    apparmor_parser --replace '/etc/apparmor.d/${executable}' >/dev/null 2>&1 || true
  fi
fi

if command -v update-desktop-database >/dev/null 2>&1; then
  update-desktop-database /usr/share/applications || true
fi

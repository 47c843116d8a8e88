#!/bin/sh
#en unha in WSL 2, for Windows 10 and 11: this script is all that is needed. In PowerShell:
#en
#en   wsl --install -d Debian                    # once; then open "Debian" and choose a name and a password
#en   wsl -d Debian -u root sh ./unha-wsl.sh     # in the folder of this file
#en   wsl --shutdown                             # so that systemd is started
#en   wsl -d Debian -u root unha                 # the course, with the limits too
#en
#en The program in it is for @arch@. It must come to Windows as it is, with line feeds alone.
#en It has run in Debian 12; not in a WSL yet.
#pt O unha no WSL 2, para Windows 10 e 11: este script basta. No PowerShell:
#pt
#pt   wsl --install -d Debian                    # uma vez; depois abra o "Debian" e escolha nome e senha
#pt   wsl -d Debian -u root sh ./unha-wsl.sh     # na pasta deste arquivo
#pt   wsl --shutdown                             # para que o systemd suba
#pt   wsl -d Debian -u root unha --lang pt-BR    # o curso, com os limites também
#pt
#pt O programa aqui dentro é para @arch@. Ele precisa chegar ao Windows sem mudança, só com quebras de linha LF.
#pt Já rodou num Debian 12; num WSL, ainda não.
set -eu

if [ "$(id -u)" != 0 ]; then
    echo "unha: this must run as root: wsl -d Debian -u root sh ./unha-wsl.sh" >&2 #en
    echo "unha: isto precisa rodar como root: wsl -d Debian -u root sh ./unha-wsl.sh" >&2 #pt
    exit 1
fi
if [ "$(uname -m)" != @arch@ ]; then
    echo "unha: the program in this file is for @arch@, and this machine is $(uname -m)" >&2 #en
    echo "unha: o programa neste arquivo é para @arch@, e esta máquina é $(uname -m)" >&2 #pt
    exit 1
fi
base64 -d <<'END' | gunzip > /usr/local/bin/unha.new
@program@
END
chmod 755 /usr/local/bin/unha.new
mv /usr/local/bin/unha.new /usr/local/bin/unha

#en systemd hands cgroups over, which the limits need. What stands in the file already stays.
#pt O systemd cede cgroups, de que os limites precisam. O que já está no arquivo fica.
if ! grep -qs '^\[boot\]' /etc/wsl.conf; then
    printf '[boot]\nsystemd=true\n' >> /etc/wsl.conf
fi
echo "unha is installed. Now, in PowerShell: wsl --shutdown, then wsl -d Debian -u root unha" #en
echo "O unha está instalado. Agora, no PowerShell: wsl --shutdown, depois wsl -d Debian -u root unha --lang pt-BR" #pt

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# make-ca.sh THƯ_MỤC TÊN…: chứng thư cho một cơ quan chưa có nơi cấp chứng thư.
#
# Lập nơi cấp (ca.pem, ca.key, 10 năm) và chứng thư của máy chủ (server.pem, server.key, ECDSA P-256, 1 năm) cho các tên
# hay địa chỉ đã cho. Chạy lại không đổi gì khi mọi thứ còn dùng được trên 30 ngày; sắp hết hạn hoặc đổi tên thì chỉ cấp
# lại chứng thư của máy chủ, nơi cấp giữ nguyên nên các máy trạm không phải làm gì.
set -eu
umask 077

[ $# -ge 2 ] || {
	echo "cách dùng: $0 THƯ_MỤC TÊN_HOẶC_ĐỊA_CHỈ…   ví dụ: $0 /etc/congvu congvu.phuong.vn 10.0.0.5" >&2
	exit 64
}
command -v openssl >/dev/null 2>&1 || {
	echo "$0: chưa có openssl (apt-get install openssl)" >&2
	exit 69
}
dir=$1
shift
mkdir -p "$dir"
cd "$dir"

names=
for name in "$@"; do
	case $name in
	*[!A-Za-z0-9.:*-]*)
		echo "$0: tên không hợp lệ: $name" >&2
		exit 65
		;;
	*:* | [0-9]*.[0-9]*.[0-9]*.[0-9]*) kind=IP ;;
	*) kind=DNS ;;
	esac
	names="$names${names:+,}$kind:$name"
done
first=$1

# Each file appears whole or not at all: made under another name, then renamed.
work=$(mktemp -d ./.make-ca.XXXXXX)
trap 'rm -rf "$work"' EXIT

if ! [ -s ca.pem ] || ! [ -s ca.key ]; then
	if [ -e ca.pem ] || [ -e ca.key ]; then
		echo "$0: trong $dir chỉ có một nửa của nơi cấp (ca.pem, ca.key); hãy tìm lại nửa kia hoặc dọn đi" >&2
		exit 65
	fi
	openssl ecparam -genkey -name prime256v1 -noout -out "$work/ca.key"
	openssl req -x509 -new -key "$work/ca.key" -sha256 -days 3650 -subj "/CN=congvu CA $first" \
		-addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
		-out "$work/ca.pem"
	chmod 644 "$work/ca.pem"
	mv "$work/ca.key" ca.key
	mv "$work/ca.pem" ca.pem
fi

made=
if ! [ -s server.pem ] || ! [ -s server.key ] || [ "$(cat server.names 2>/dev/null)" != "$names" ] ||
	! openssl x509 -in server.pem -noout -checkend 2592000 >/dev/null ||
	! openssl verify -CAfile ca.pem server.pem >/dev/null 2>&1; then
	openssl ecparam -genkey -name prime256v1 -noout -out "$work/server.key"
	openssl req -new -key "$work/server.key" -sha256 -subj "/CN=$first" -out "$work/server.csr"
	printf '%s\n' 'basicConstraints=critical,CA:FALSE' 'keyUsage=critical,digitalSignature' \
		'extendedKeyUsage=serverAuth' "subjectAltName=$names" >"$work/ext"
	openssl x509 -req -in "$work/server.csr" -CA ca.pem -CAkey ca.key -set_serial "0x$(openssl rand -hex 16)" \
		-sha256 -days 365 -extfile "$work/ext" -out "$work/server.pem" 2>/dev/null
	printf '%s\n' "$names" >"$work/server.names"
	chmod 644 "$work/server.pem"
	mv "$work/server.key" server.key
	mv "$work/server.pem" server.pem
	mv "$work/server.names" server.names
	made=yes
fi

here=$(pwd)
if [ -n "$made" ]; then
	echo "Đã cấp chứng thư cho $*"
else
	echo "Chứng thư còn dùng được, không đổi gì"
fi
cat <<END
Chạy máy chủ:
  congvud serve --data /var/lib/congvu --listen 0.0.0.0:8443 --tls-cert $here/server.pem --tls-key $here/server.key
Máy chủ đang chạy thì bảo nó đọc lại: kill -HUP <số tiến trình của congvud>
Mỗi máy trạm nhận $here/ca.pem (không bao giờ nhận ca.key) rồi:
  congvu login --server https://$first:8443 --ca ca.pem --user TÊN
Cất ca.key ở nơi khác ngoài máy chủ: ai có nó thì giả được máy chủ.
END

#!/bin/sh
# 离线核验交付包：先核验签名，再核验每个文件的校验值。需要 openssl、sha256sum。
# 用法：./verify.sh 公钥.pem
set -eu
cd "$(dirname "$0")"

stop() { echo "核验未通过：$*" >&2; exit 1; }

key=${1:-}
[ -n "$key" ] || { echo "用法：./verify.sh 公钥.pem（公钥须另行取得，不能取自本交付包）" >&2; exit 2; }
case $key in /*) ;; *) key=$OLDPWD/$key ;; esac
[ -r "$key" ] || stop "读不到公钥 $key"
[ -f SHA256SUMS.sig ] || stop "本交付包没有签名（SHA256SUMS.sig）"
command -v openssl >/dev/null || stop "本机没有 openssl"

told=$(openssl pkey -pubin -in "$key" -noout -text 2>/dev/null) || stop "$key 不是公钥"
case $told in
  *SM2*) set -- -sm3 -sigopt distid:1234567812345678 ;;
  *) set -- -sha256 ;;
esac
openssl dgst "$@" -verify "$key" -signature SHA256SUMS.sig SHA256SUMS >/dev/null 2>&1 || stop "签名与公钥不符"
echo "签名相符"

sha256sum --quiet --strict -c SHA256SUMS || stop "文件与校验值不符"
listed=$(sed 's/^[0-9a-f]* [ *]//' SHA256SUMS | sort)
there=$(find . -type f ! -name SHA256SUMS ! -name SHA256SUMS.sig | sed 's|^\./||' | sort)
[ "$listed" = "$there" ] || stop "有文件不在校验清单中，或清单中的文件缺失"
echo "全部文件相符：$(echo "$listed" | wc -l) 个"

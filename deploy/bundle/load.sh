#!/bin/sh
# 把交付包中的镜像装入本机；给出 --push 时再推送到本地镜像仓库。
# 用法：./load.sh [--with ctr|nerdctl|docker|podman] [--push 仓库地址/路径]
set -eu
cd "$(dirname "$0")"

usage() { echo "用法：./load.sh [--with ctr|nerdctl|docker|podman] [--push 仓库地址/路径]" >&2; exit 2; }
stop() { echo "未完成：$*" >&2; exit 1; }

engine= registry=
while [ $# -gt 0 ]; do
  case $1 in
    --with) [ $# -ge 2 ] || usage; engine=$2; shift 2 ;;
    --push) [ $# -ge 2 ] || usage; registry=${2%/}; shift 2 ;;
    *) usage ;;
  esac
done

if [ -z "$engine" ]; then
  for each in ctr nerdctl docker podman; do
    if command -v "$each" >/dev/null; then engine=$each; break; fi
  done
fi
case $engine in
  ctr | nerdctl | docker | podman) ;;
  '') stop "本机没有 ctr、nerdctl、docker 或 podman" ;;
  *) usage ;;
esac
command -v "$engine" >/dev/null || stop "本机没有 $engine"

# Kubernetes 只看 containerd 的 k8s.io 命名空间。
run() {
  case $engine in
    ctr | nerdctl) "$engine" --namespace k8s.io "$@" ;;
    *) "$engine" "$@" ;;
  esac
}
load() { if [ "$engine" = ctr ]; then run images import "$1"; else run load --input "$1"; fi; }
name() { if [ "$engine" = ctr ]; then run images tag --force "$1" "$2"; else run tag "$1" "$2"; fi; }
push() { if [ "$engine" = ctr ]; then run images push "$1"; else run push "$1"; fi; }

while read -r image _ archive; do
  case $image in '' | '#'*) continue ;; esac
  load "images/$archive" || stop "$engine 未能装入 images/$archive"
  echo "已装入 $image"
  if [ -n "$registry" ]; then
    name "$image" "$registry/${image##*/}"
    push "$registry/${image##*/}" || stop "未能推送 $registry/${image##*/}"
    echo "已推送 $registry/${image##*/}"
  fi
done <images.txt

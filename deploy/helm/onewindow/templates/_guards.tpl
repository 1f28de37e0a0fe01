{{- /*
What cannot work is refused before anything is created, in sentences that say what to do.
Gives the sentences as a JSON list; none when all is well.
*/ -}}
{{- define "onewindow.guards" -}}
{{- $told := list -}}
{{- range list "missing" "connections" "tls" "replicas" "flows" "settings" -}}
{{- $told = concat $told (include (printf "onewindow.guard.%s" .) $ | fromYamlArray) -}}
{{- end -}}
{{- toJson $told -}}
{{- end -}}

{{- define "onewindow.guard.missing" -}}
{{- $required := dict
  "office.district" .Values.office.district
  "database.host" .Values.database.host
  "nats.url" .Values.nats.url
  "tokens.issuer" .Values.tokens.issuer
  "objects.intake" .Values.objects.intake
  "objects.notify" .Values.objects.notify
  "sms.url" .Values.sms.url }}
{{- range $name, $value := $required }}
{{- if not $value }}
- "{{ $name }} 未填写：此项必须由本区提供，说明见 values.yaml。"
{{- end }}
{{- end }}
{{- if and (eq .Values.image.tag "latest") (not .Values.image.digest) }}
- "image.tag 不能是 latest：请写明版本号或 digest，否则同一名称下的程序会变。"
{{- end }}
{{- range $street, $_ := .Values.office.streets }}
{{- if not (hasPrefix $.Values.office.district $street) }}
- "office.streets.{{ $street }} 不属于 office.district {{ $.Values.office.district }}：前六位须与区代码一致。"
{{- end }}
{{- end }}
{{- end -}}

{{- define "onewindow.guard.connections" -}}
{{- with .Values.database }}
{{- if and (hasPrefix "verify" .tls) (not .authority.secret) }}
- "database.tls 是 {{ .tls }}，须用 database.authority.secret 指明签发数据库证书的 CA。"
{{- end }}
{{- end }}
{{- with .Values.nats }}
{{- if and (hasPrefix "tls://" .url) (not .authority.secret) }}
- "nats.url 用 tls://，须用 nats.authority.secret 指明签发 NATS 证书的 CA。"
{{- end }}
{{- if and (hasPrefix "nats://" .url) (or .authority.secret .certificatePrefix) }}
- "nats.url 用 nats://（明文），与 nats.authority.secret、nats.certificatePrefix 矛盾：请改用 tls://。"
{{- end }}
{{- end }}
{{- with .Values.tokens }}
{{- if and .jwksSecret .jwksUrl }}
- "tokens.jwksSecret 与 tokens.jwksUrl 只能选一个：统一认证的公钥只有一个来源。"
{{- end }}
{{- if and $.Values.test.enabled (not .machinesSecret) }}
- "test.enabled 需要 tokens.machinesSecret：检验程序凭证书（PROBE）调用，须登记在 machines.json。"
{{- end }}
{{- if not (or .jwksSecret .jwksUrl) }}
- "tokens.jwksSecret 与 tokens.jwksUrl 都没有填写：没有公钥就无法核验工作人员的令牌。"
{{- end }}
{{- end }}
{{- with .Values.objects }}
{{- range $name, $url := dict "intake" .intake "notify" .notify }}
{{- if and (hasPrefix "s3://" $url) (not $.Values.objects.secret) }}
- "objects.{{ $name }} 用 s3://，须用 objects.secret 指明对象存储的账号。"
{{- end }}
{{- if and (hasPrefix "file://" $url) (not $.Values.objects.claim) }}
- "objects.{{ $name }} 用 file://，须用 objects.claim 指明存储卷，否则重启后材料丢失。"
{{- end }}
{{- if and (hasPrefix "file://" $url) (or (contains "/../" $url) (not (hasPrefix "file:///var/lib/onewindow/objects/" $url))) }}
- "objects.{{ $name }} 须在 file:///var/lib/onewindow/objects/ 之下：存储卷挂在那里。"
{{- end }}
{{- end }}
{{- if and .intake (eq (trimSuffix "/" .intake) (trimSuffix "/" .notify)) }}
- "objects.intake 与 objects.notify 相同：材料与文书须分开存放。"
{{- end }}
{{- end }}
{{- end -}}

{{- define "onewindow.guard.tls" -}}
{{- with .Values.tls }}
{{- if and (eq .source "certManager") (not .certManager.issuer) }}
- "tls.source 是 certManager，须用 tls.certManager.issuer 指明签发者。"
{{- end }}
{{- if ge (int .certManager.renewBeforeHours) (int .certManager.durationHours) }}
- "tls.certManager.renewBeforeHours 须小于 durationHours，否则证书会不停重签。"
{{- end }}
{{- end }}
{{- with .Values.district }}
{{- if and .target (or .mutualTls .token) (not .secret) }}
- "district.secret 未填写：与区审批系统的连接需要证书或令牌。"
{{- end }}
{{- if and .target .token (not .mutualTls) }}
- "district.token 须与 district.mutualTls 同用：令牌不能明文传送。"
{{- end }}
{{- end }}
{{- with .Values.network }}
{{- if and (eq .ipFamilyPolicy "SingleStack") (gt (len .ipFamilies) 1) }}
- "network.ipFamilyPolicy 是 SingleStack，ipFamilies 只能写一种。"
{{- end }}
{{- end }}
{{- end -}}

{{- define "onewindow.guard.replicas" -}}
{{- $ports := list }}
{{- range $name := include "onewindow.services" . | fromJsonArray }}
{{- $service := include "onewindow.service" (dict "root" $ "name" $name) | fromYaml }}
{{- $least := include "onewindow.leastReplicas" $service | int }}
{{- with $service.autoscaling }}
{{- if and (ne .kind "none") (lt (int .maxReplicas) (int .minReplicas)) }}
- "services.{{ $name }}.autoscaling：maxReplicas 小于 minReplicas。"
{{- end }}
{{- if and .triggers (ne .kind "keda") }}
- "services.{{ $name }}.autoscaling.triggers 只有 kind 为 keda 时才有作用。"
{{- end }}
{{- end }}
{{- if and (gt $least 1) (ge (int $service.maxUnavailable) $least) }}
- "services.{{ $name }}.maxUnavailable 不能达到副本数（{{ $least }}）：维护节点时服务会全部停止。"
{{- end }}
{{- if and $service.public.nodePort (ne $service.public.type "NodePort") }}
- "services.{{ $name }}.public.nodePort 只有 type 为 NodePort 时才有作用。"
{{- end }}
{{- with $service.public.nodePort }}
{{- if has . $ports }}
- "services.{{ $name }}.public.nodePort {{ . }} 已被另一服务占用：每个服务须用不同的端口。"
{{- end }}
{{- $ports = append $ports . }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* An empty list of peers would be rendered as a rule without "to", which means everywhere. */ -}}
{{- define "onewindow.guard.flows" -}}
{{- if .Values.networkPolicy.create }}
{{- $empty := list }}
{{- $beyond := list }}
{{- range $name := concat (include "onewindow.services" . | fromJsonArray) (list "migrate" "streams") }}
{{- range include "onewindow.flows" (dict "root" $ "name" $name) | fromJsonArray }}
{{- if not (index $.Values.networkPolicy.peers .peers) }}
{{- $empty = append $empty .peers }}
{{- end }}
{{- range .ports }}
{{- if or (lt (int .) 1) (gt (int .) 65535) }}
{{- $beyond = append $beyond . }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- range $empty | uniq | sortAlpha }}
- "networkPolicy.peers.{{ . }} 为空：请写明对方在哪里（podSelector、namespaceSelector 或 ipBlock）。"
{{- end }}
{{- range $beyond | uniq }}
- "端口 {{ . }} 不在 1 至 65535 之间：请改正写有它的地址。"
{{- end }}
{{- end }}
{{- end -}}

{{- /* A setting that the chart gives is changed by its own value, not behind its back. */ -}}
{{- define "onewindow.guard.settings" -}}
{{- $known := dict }}
{{- range $name := include "onewindow.services" . | fromJsonArray }}
{{- $of := dict "root" $ "name" $name }}
{{- $own := include "onewindow.settings" $of | fromYaml }}
{{- range $setting, $_ := include "onewindow.addedSettings" $of | fromYaml }}
{{- if hasKey $own $setting }}
{{- $_ := set $known $setting true }}
{{- end }}
{{- end }}
{{- end }}
{{- range keys $known | sortAlpha }}
- "settings.{{ . }} 由图表的其他参数决定，不能在 settings 里另写。"
{{- end }}
{{- end -}}

{{- /* Sentences about Secrets that are not there, lack a key, or have nothing that can be read in it. Takes root and found (name: data), as the cluster has them. */ -}}
{{- define "onewindow.guard.secrets" -}}
{{- $needed := list }}
{{- range $name := concat (include "onewindow.services" .root | fromJsonArray) (list "migrate" "streams") (.root.Values.test.enabled | ternary (list "test") list) }}
{{- $needed = concat $needed (include "onewindow.mounts" (dict "root" $.root "name" $name) | fromYamlArray) }}
{{- end }}
{{- $lines := list }}
{{- range $needed }}
{{- $mount := . }}
{{- if not (and (eq .name "tls") (eq $.root.Values.tls.source "certManager")) }}
{{- if not (hasKey $.found .secret) }}
{{- $lines = append $lines (printf "缺少 Secret %s（须有 %s）。" .secret (keys .files | sortAlpha | join "、")) }}
{{- else }}
{{- $data := index $.found .secret }}
{{- range keys .files | sortAlpha }}
{{- if not (hasKey $data .) }}
{{- $lines = append $lines (printf "Secret %s 缺少 %s。" $mount.secret .) }}
{{- else if not (index $data . | b64dec | trim) }}
{{- $lines = append $lines (printf "Secret %s 的 %s 是空的。" $mount.secret .) }}
{{- else if and (hasSuffix ".json" .) (hasKey (index $data . | b64dec | fromJson) "Error") }}
{{- $lines = append $lines (printf "Secret %s 的 %s 不是 JSON：样子见图表 README 的 Secrets 一节。" $mount.secret .) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- $lines | uniq | toJson }}
{{- end -}}

{{- /* The Secrets of the namespace, by name; nothing where the cluster cannot be asked (helm template, Argo CD). */ -}}
{{- define "onewindow.secretsHere" -}}
{{- $found := dict -}}
{{- range (lookup "v1" "Secret" .Release.Namespace "").items -}}
{{- $_ := set $found .metadata.name (.data | default dict) -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{- /* A sentence when another release has this namespace. Takes root and found, the Deployments here. */ -}}
{{- define "onewindow.guard.neighbours" -}}
{{- $others := list }}
{{- range .found }}
{{- $labels := .metadata.labels | default dict }}
{{- $other := get $labels "app.kubernetes.io/instance" }}
{{- if and (eq (get $labels "app.kubernetes.io/name") "onewindow") (ne $other $.root.Release.Name) }}
{{- $others = append $others (printf "命名空间 %s 里已有一窗办（发布名 %s）：一个命名空间只能装一套。" $.root.Release.Namespace $other) }}
{{- end }}
{{- end }}
{{- $others | uniq | toJson }}
{{- end -}}

{{- /* Pod Security "restricted", and nothing a pod does not need. */ -}}
{{- define "onewindow.podBasics" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with .Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "onewindow.containerBasics" -}}
image: {{ include "onewindow.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
# The last words of a container are its status: a wrong setting is read by kubectl describe.
terminationMessagePolicy: FallbackToLogsOnError
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end -}}

{{- /* Memory is promised whole, because a pod that is given less is killed; CPU above the promise is lent. */ -}}
{{- define "onewindow.resources" -}}
requests: {cpu: {{ .cpu }}, memory: {{ .memory }}}
limits: {memory: {{ .memory }}}
{{- end -}}

{{- /* The pod of a Job or of the test. Takes root, name, arguments, env, resources. */ -}}
{{- define "onewindow.errandPod" -}}
{{ include "onewindow.podBasics" .root }}
restartPolicy: Never
containers:
  - name: {{ .name }}
    {{- include "onewindow.containerBasics" .root | nindent 4 }}
    command: {{ concat (list "/opt/onewindow/bin/onewindow") .arguments | toJson }}
    env:
      {{- range $name, $value := .env }}
      - {name: ONEWINDOW_{{ $name }}, value: {{ $value | quote }}}
      {{- end }}
    resources:
      {{- include "onewindow.resources" .resources | nindent 6 }}
    volumeMounts:
      {{- include "onewindow.volumeMounts" . | nindent 6 }}
volumes:
  {{- include "onewindow.volumes" (merge (dict "tmpSize" "64Mi") .) | nindent 2 }}
{{- end -}}

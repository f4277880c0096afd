{{- define "parlance.name" -}}
{{- printf "%s" .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "parlance.selector" -}}
app.kubernetes.io/name: parlance
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: server
{{- end -}}

{{- define "parlance.labels" -}}
app.kubernetes.io/name: parlance
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{- define "parlance.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{- /* Combinations of values that a server would refuse, or that would lose uploads. */ -}}
{{- define "parlance.check" -}}
{{- $names := concat (keys .Values.settings) .Values.secrets.settings -}}
{{- $several := or .Values.autoscaling.enabled (gt (int .Values.replicas) 1) -}}
{{- if not (has "DATABASE_URL" $names) }}{{ fail "DATABASE_URL: add it to secrets.settings" }}{{ end -}}
{{- if not (has "AUTH_SECRET" $names) }}{{ fail "AUTH_SECRET: add it to secrets.settings" }}{{ end -}}
{{- if and $several (not (has "REDIS_URL" $names)) }}{{ fail "REDIS_URL: required for more than one replica" }}{{ end -}}
{{- if not (or (has "S3_URL" $names) .Values.persistence.existingClaim) -}}
{{ fail "S3_URL: set it, or persistence.existingClaim, for uploads" }}
{{- end -}}
{{- range $name, $value := .Values.settings -}}
{{- if has $name $.Values.secrets.settings }}{{ fail (printf "%s: set it in settings or in secrets.settings, not in both" $name) }}{{ end -}}
{{- end -}}
{{- with .Values.shutdown -}}
{{- if lt (int .graceSeconds) (int (add .preStopSeconds (div (add .drainDelayMs 999) 1000) 30)) -}}
{{ fail "shutdown.graceSeconds: at least preStopSeconds, drainDelayMs and 30 seconds" }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "parlance.environment" -}}
- name: DATA_DIR
  value: /data
{{- range $name, $value := .Values.settings }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- range .Values.secrets.settings }}
- name: {{ . }}_FILE
  value: /run/secrets/parlance/{{ . }}
{{- end }}
{{- end -}}

{{- define "parlance.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "parlance.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{- define "parlance.volumeMounts" -}}
- name: secrets
  mountPath: /run/secrets/parlance
  readOnly: true
- name: data
  mountPath: /data
- name: temporary
  mountPath: /tmp
{{- end -}}

{{- define "parlance.volumes" -}}
- name: secrets
  secret:
    secretName: {{ .Values.secrets.name }}
    defaultMode: 0440
    items:
      {{- range .Values.secrets.settings }}
      - { key: {{ . }}, path: {{ . }} }
      {{- end }}
- name: data
  {{- if .Values.persistence.existingClaim }}
  persistentVolumeClaim: { claimName: {{ .Values.persistence.existingClaim }} }
  {{- else }}
  emptyDir: {}
  {{- end }}
- name: temporary
  emptyDir: { sizeLimit: {{ .Values.temporary.sizeLimit }} }
{{- end -}}

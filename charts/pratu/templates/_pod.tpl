{{- define "pratu.name" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 53 | trimSuffix "-" }}
{{- end }}

{{- define "pratu.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "pratu.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "pratu.env" -}}
- name: NODE_ENV
  value: production
- name: PORT
  value: "3000"
- name: ISSUER
  value: {{ .Values.issuer | quote }}
- name: TRUST_PROXY
  value: {{ .Values.trustProxy | quote }}
- name: CONFIG_FILE
  value: /etc/pratu/settings.yaml
{{- range .Values.secret.keys }}
- name: {{ . }}_FILE
  value: /run/secrets/pratu/{{ . }}
{{- end }}
{{- range $name, $value := .Values.variables }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}

{{- define "pratu.mounts" -}}
- name: secrets
  mountPath: /run/secrets/pratu
  readOnly: true
- name: settings
  mountPath: /etc/pratu
  readOnly: true
- name: tmp
  mountPath: /tmp
{{- end }}

{{- define "pratu.secretVolume" -}}
- name: secrets
  secret:
    secretName: {{ .Values.secret.name | quote }}
    defaultMode: 0440
- name: tmp
  emptyDir: {}
{{- end }}

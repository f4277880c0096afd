import type { moderationWords as Words } from '../en/moderation.ts'

export const moderationWords: typeof Words = {
  reported: '谢谢，管理员会查看。',
  reportNote: '发生了什么？（可不填）',
  reasons: { SPAM: '垃圾信息', ABUSE: '骚扰', ILLEGAL: '违法内容', OTHER: '其他' },
  openReports: '待处理',
  resolvedReports: '已处理',
  auditLog: '审计日志',
  noReports: '没有举报。',
  dismissReport: '驳回',
  recallReported: '撤回消息',
  suspendSender: '停用发送者',
  moderatorNote: '备注或原因',
  automatic: '系统发现',
  textThen: '被举报时的内容',
  byServer: '系统',
  reportedBy: (name) => `举报人：${name}`,
  outcomes: { DISMISSED: '已驳回', MESSAGE_RECALLED: '消息已撤回', USER_SUSPENDED: '发送者已停用' },
  actions: {
    MESSAGE_RECALLED: '消息已撤回',
    REPEATED_TEXT: '多处发送相同内容',
    REPORT_RESOLVED: '举报已处理',
    USER_RESTORED: '账号已恢复',
    USER_SUSPENDED: '账号已停用',
  },
}

"""Words for the codes in the systems' histories that the rule tables do not name."""

from figurebook.county import HistoryWords

ACTIONS = {
    "score": "打分",
    "correct": "更正",
    "place": "归属",
    "appoint": "设岗",
    "pair": "结对",
    "train": "培训",
}
DETAILS = {
    "source": "来源",
    "problem": "问题",
    "task": "任务",
    "text": "内容",
    "unit": "单位",
    "committee": "党委",
    "field": "领域",
    "type": "类型",
    "points": "分",
    "reasons": "理由",
    "reason": "理由",
    "before": "原状",
    "after": "现状",
    "by": "由谁核查",
    "slot": "第几项",
    "present": "到场人数",
    "period": "季度",
    "found": "查明",
    "change": "单号",
    "times": "次数",
    "due": "期限",
    "hours": "学时",
    "post": "岗位",
    "helper": "帮带者",
    "late": "迟延的理由",
    "note": "说明",
    "chosen": "选定",
}
# A system's own words for its details: in S04 a unit becomes responsible and a task is verified.
OWN = {"S04": {"unit": "责任单位", "by": "核验者"}}

HISTORY_WORDS = HistoryWords(ACTIONS, DETAILS, OWN)

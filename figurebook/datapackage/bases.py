"""List the bases of a table, each with its word and its meaning."""

BASES = {
    "recorded": ("实际登记", "某个单位自己的登记表。"),
    "published": ("公开发布", "注明出处、可以查到的出版物里的表。"),
    "illustrative": ("本书自编（示意）", "表是本书按访谈的总数编的，相等是必然的，不能当证据。"),
    "stated": ("仅见访谈", "没有访谈以外的来源；复算等于抄一遍。"),
}

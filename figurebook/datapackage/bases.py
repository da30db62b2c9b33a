"""List the bases of a table, each with its word and its meaning."""

BASES = {
    "recorded": ("实际登记", "某个单位自己的登记表。"),
    "published": ("公开发布", "有名有姓的出版物里的表。"),
    "reconstructed": ("本书重构", "本书按总数造出的表：与访谈一致是造出来的，不证明任何事。"),
    "stated": ("仅见访谈", "本书没有找到访谈以外的来源；复算等于抄录。"),
}

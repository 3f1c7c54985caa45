a = "x"
b = [1, "2", 3.5]
c = { d = "y", e = { z = true } }
g = { any = [null, { thing = <<E
text
E
}] }
h = [["a", 1], ["b", { c = 2 }]]
unknown = 1

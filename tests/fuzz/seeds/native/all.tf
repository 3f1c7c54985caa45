# every construct once
a = 1 + 2 * -3 % 4 / 5 - 6
b = !true && false || a == b ? c : d != e
c "x" y {
  d = "t${a}u%{ if b ~} v %{~ else } w %{ endif }$${x}\n\u00e9"
  e = <<-EOT
    one ${two("three")}
      %{ for k, v in m ~}
      ${k} = ${v}
      %{ endfor ~}
  EOT
  f { g = [for x in y : x.z if x] }
}
h = { i = 1, "j" : 2, (k) = 3 } // l
m = { for n, o in p : n => o... }
q = r[*].s[0].t["u"].*.v.0
w = ns::x(1, 2, y...) /* z */

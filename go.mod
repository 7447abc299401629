module parity

go 1.26

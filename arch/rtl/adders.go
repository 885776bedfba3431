package rtl

import (
	"fmt"

	"satsim/arch/fpga"
	"satsim/arch/spec"
	"satsim/arch/stce"
)

// Adders says that the array's adders in Verilog are others than those that its resources are counted for, if they are, and what fits with those of the Verilog.
func Adders(s *spec.Spec) string {
	if s.STCE.AddIn == stce.AdderLogic {
		return ""
	}
	built := *s
	built.STCE.AddIn = stce.AdderLogic
	_, fit := fpga.Holds(&built)
	verdict := string(fit)
	if fit != fpga.Unknown {
		verdict += fmt.Sprintf(", %d of %d rows fit for sure", fpga.MostRows(&built), s.STCE.Rows)
	}
	return fmt.Sprintf("The array's adders are of LUTs in Verilog; satsim resources counts them in DSP slices (stce.add_in: %v), where a vendor's operator is. As in Verilog (--set stce.add_in=logic): %s.", s.STCE.AddIn, verdict)
}

"""The sample bank: real annual statements with their licence, and the generator of the simulated rest."""

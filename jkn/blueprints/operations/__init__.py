"""What operators, load balancers and browsers ask by themselves, and Kotak keluar."""

// dotnet add package Microsoft.IdentityModel.JsonWebTokens
using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

public static class TokenVerifier
{
    private static readonly TokenValidationParameters Expected = new()
    {
        IssuerSigningKey = ReadKey(),
        ValidAlgorithms = ["HS256"],
        ValidIssuers = ["https://issuer.example", "https://other.example"],
        ValidateAudience = false,
        TypeValidator = (type, _, _) => string.IsNullOrEmpty(type)
            || new[] { "JWT", "application/notes+jwt", "jwt", "application/jwt", "notes+jwt" }.Contains(type, StringComparer.OrdinalIgnoreCase)
            ? type : throw new SecurityTokenInvalidTypeException("unexpected typ"),
        RequireExpirationTime = true,
        ClockSkew = TimeSpan.FromSeconds(0),
    };

    /// <summary>The token, if it may be accepted; throws for every other.</summary>
    public static async Task<JsonWebToken> VerifyAsync(string token)
    {
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, Expected);
        if (!result.IsValid) throw result.Exception;
        var verified = (JsonWebToken)result.SecurityToken;
        string[] names = ["sub"];
        if (!names.All(name => verified.TryGetPayloadValue<object>(name, out _)))
            throw new SecurityTokenValidationException("a required claim is missing");
        return verified;
    }

    private static SecurityKey ReadKey()
    {
        var text = Environment.GetEnvironmentVariable("TOKEN_SECRET")
            ?? throw new InvalidOperationException("TOKEN_SECRET is not set");
        return new SymmetricSecurityKey(Base64UrlEncoder.DecodeBytes(text));
    }
}
